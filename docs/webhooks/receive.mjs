// WEBHOOK_SECRET=whsec_… PORT=8080 node receive.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

const TOLERANCE_S = 5 * 60;
const { WEBHOOK_SECRET } = process.env;
if (!WEBHOOK_SECRET) {
  console.error('Set WEBHOOK_SECRET to the secret of your project (whsec_...)');
  process.exit(1);
}

/** Returns the event. Throws if the signature or the timestamp is invalid. */
function verify(body, headers, secret) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(age <= TOLERANCE_S)) throw new Error('The timestamp is missing or too far from now');
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  // While a secret is being rotated, there is a signature for each of the two.
  const isSigned = String(signatures)
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
  if (!isSigned) throw new Error('No signature matches');
  return JSON.parse(body);
}

async function receive(request, response) {
  try {
    // The bytes as received: an object that was parsed and written again has another signature.
    const event = verify(await buffer(request), request.headers, WEBHOOK_SECRET);
    console.log(event.type, request.headers['webhook-id']);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(400).end(error.message);
  }
}

createServer((request, response) => void receive(request, response)).listen(
  Number(process.env.PORT),
  '127.0.0.1',
);
