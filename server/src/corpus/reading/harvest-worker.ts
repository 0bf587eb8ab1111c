/** Entry point of a thread of the harvest: looks at files and cleans them, batch by batch. */
import { parentPort, workerData } from "node:worker_threads";
import { toPlainError } from "../../platform/plain-error";
import { Packer, type CrewReply, type CrewRequest } from "./crew-messages";
import { FileWork, type FileWorkSetup, type NumberedFile } from "./file-work";

/** A Buffer arrives as a plain Uint8Array. */
function withBuffer<T extends NumberedFile>(numbered: T): T {
  const { content } = numbered.file;
  return content === undefined ? numbered : { ...numbered, file: { ...numbered.file, content: Buffer.from(content) } };
}

function serve(port: NonNullable<typeof parentPort>): void {
  const work = new FileWork(workerData as FileWorkSetup);
  const send = (reply: CrewReply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);
  port.on("message", (request: CrewRequest) => {
    try {
      if (request.kind === "learn") work.learn(request.knowledge);
      else if (request.kind === "look") send({ kind: "look", looks: request.files.map((file) => work.look(withBuffer(file))) });
      else {
        const packer = new Packer(request.room);
        const cleaned = request.files.map((file) => packer.pack(work.clean(withBuffer(file))));
        send({ kind: "clean", cleaned }, packer.own);
      }
    } catch (error) {
      send({ kind: "error", error: toPlainError(error) });
    }
  });
}

if (parentPort !== null) serve(parentPort);
