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

function buffersOf(cleaned: readonly Cleaned[]): ArrayBuffer[] {
  return cleaned.flatMap((one) => (one.kind === "document" ? [one.text.buffer, one.high.buffer, one.low.buffer] : []));
}

function serve(port: NonNullable<typeof parentPort>): void {
  const work = new FileWork(workerData as FileWorkSetup);
  const send = (reply: CrewReply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);
  port.on("message", (request: CrewRequest) => {
    try {
      if (request.kind === "learn") work.learn(request.knowledge);
      else if (request.kind === "look") send({ kind: "look", looks: request.files.map((file) => work.look(withBuffer(file))) });
      else {
        const cleaned = request.files.map((file) => work.clean(withBuffer(file)));
        send({ kind: "clean", cleaned }, buffersOf(cleaned));
      }
    } catch (error) {
      send({ kind: "error", error: toPlainError(error) });
    }
  });
}

if (parentPort !== null) serve(parentPort);
