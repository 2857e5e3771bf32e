// Reads JSON-LD documents, one a line, as another program would; writes the N-Quads of each as one JSON string a line.
import jsonld from "jsonld";
import { createInterface } from "node:readline";

const offline = async (url) => {
  throw new Error(`a document refers to ${url}`);
};
for await (const line of createInterface({ input: process.stdin })) {
  const quads = await jsonld.toRDF(JSON.parse(line), { format: "application/n-quads", documentLoader: offline });
  process.stdout.write(JSON.stringify(quads) + "\n");
}
