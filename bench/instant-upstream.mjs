// A server in a process of its own that answers every chat request at once with the same words, as OpenAI would.
import { createServer } from 'node:http';

const text = '{"up":true}';
const completion = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'any' },
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
};
const response = {
  ...{ id: 'resp_1', object: 'response', created_at: 1, model: 'any', status: 'completed', error: null },
  incomplete_details: null,
  output: [
    {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' },
      content: [{ type: 'output_text', text, annotations: [] }],
    },
  ],
  usage: { input_tokens: 20, output_tokens: 5, total_tokens: 25 },
};
const bodies = new Map([
  ['/v1/chat/completions', JSON.stringify(completion)],
  ['/v1/responses', JSON.stringify(response)],
]);

const server = createServer((incoming, outgoing) => {
  const body = bodies.get(incoming.url) ?? '';
  incoming.resume();
  incoming.on('end', () => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    outgoing.writeHead(body === '' ? 404 : 200, headers).end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
