// The thread of a worker: it is given a model once, then batches.

import { Model } from "./model.js";

let model = null;

function answer(message) {
  if (message.kind === "model") {
    model = Model.from(message.model);
    return null;
  }
  try {
    const { runs, titles, times, values, errors } = model.batch(message.samples, message.options);
    const plain = errors.map(({ run, error }) => ({ run, error: described(error) }));
    return { result: { runs, titles, times, values, errors: plain } };
  } catch (error) {
    return { error: described(error) };
  }
}

/** What of an error can cross to another thread. */
function described({ code = "unsupported", message, input, suggestion, variable, byte }) {
  return { code, message, input, suggestion, variable, byte };
}

function post(reply, send) {
  if (reply !== null) send(reply, reply.result === undefined ? [] : [reply.result.values.buffer]);
}

if (typeof self === "undefined") {
  import("node:worker_threads").then(({ parentPort }) => {
    parentPort.on("message", (message) => post(answer(message), (reply, transfer) => parentPort.postMessage(reply, transfer)));
  });
} else {
  self.onmessage = ({ data }) => post(answer(data), (reply, transfer) => self.postMessage(reply, transfer));
}
