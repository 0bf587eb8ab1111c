/** Entry point of a thread of the harvest: looks at files and cleans them, batch by batch. */
import { parentPort, workerData } from "node:worker_threads";
import { toPlainError } from "../../platform/plain-error";
import type { CrewReply, CrewRequest } from "./crew-messages";
import { FileWork, type Cleaned, type FileWorkSetup, type NumberedFile } from "./file-work";

/** A Buffer arrives as a plain Uint8Array. */
function withBuffer<T extends NumberedFile>(numbered: T): T {
  const { content } = numbered.file;
  return content === undefined ? numbered : { ...numbered, file: { ...numbered.file, content: Buffer.from(content) } };
}

const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** One buffer for everything that crosses: hundreds of thousands of small ones would cost the other thread more than the copy. */
function packed(cleaned: readonly Cleaned[]): { readonly cleaned: readonly Cleaned[]; readonly buffer: ArrayBuffer } {
  const sizes = cleaned.map((one) =>
    one.kind === "document" ? aligned(one.text.byteLength) + one.high.byteLength + one.low.byteLength : 0,
  );
  const buffer = new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  const views = cleaned.map((one, index): Cleaned => {
    if (one.kind === "reject") return one;
    const text = new Uint8Array(buffer, at, one.text.length);
    const high = new Uint32Array(buffer, at + aligned(one.text.length), one.high.length);
    const low = new Uint32Array(buffer, at + aligned(one.text.length) + one.high.byteLength, one.low.length);
    text.set(one.text);
    high.set(one.high);
    low.set(one.low);
    at += sizes[index]!;
    return { ...one, text, high, low };
  });
  return { cleaned: views, buffer };
}

function serve(port: NonNullable<typeof parentPort>): void {
  const work = new FileWork(workerData as FileWorkSetup);
  const send = (reply: CrewReply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);
  port.on("message", (request: CrewRequest) => {
    try {
      if (request.kind === "learn") work.learn(request.knowledge);
      else if (request.kind === "look") send({ kind: "look", looks: request.files.map((file) => work.look(withBuffer(file))) });
      else {
        const { cleaned, buffer } = packed(request.files.map((file) => work.clean(withBuffer(file))));
        send({ kind: "clean", cleaned }, [buffer]);
      }
    } catch (error) {
      send({ kind: "error", error: toPlainError(error) });
    }
  });
}

if (parentPort !== null) serve(parentPort);
