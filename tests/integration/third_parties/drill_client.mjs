// Chat completions by the official SDK, as an application makes them.
//
//     node drill_client.mjs NODE_MODULES MAX_RETRIES [REQUESTS]
//
// Where to send stands in OPENAI_BASE_URL; with DRILL_GATEWAY it goes through that gateway, which
// retries DRILL_GATEWAY_RETRIES times and sends to SMOKELEDGER_STUB_URL. Exit code: 0 every request
// gave a reply, 3 the SDK gave up with an error of the provider, 1 anything else.
import { createRequire } from 'node:module';

const [packages, maxRetries, requests = '1'] = process.argv.slice(2);
const { default: OpenAI } = createRequire(`${packages}/`)('openai');
const { DRILL_GATEWAY: gateway, DRILL_GATEWAY_RETRIES: attempts } = process.env;

const throughGateway = gateway && {
  baseURL: `${gateway}/v1`,
  defaultHeaders: {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${process.env.SMOKELEDGER_STUB_URL}/v1`,
    'x-portkey-config': JSON.stringify({ retry: { attempts: Number(attempts) } }),
  },
};
const client = new OpenAI({ maxRetries: Number(maxRetries), timeout: 60_000, ...throughGateway });

try {
  for (let i = 0; i < Number(requests); ++i) {
    const reply = await client.chat.completions.create({
      model: 'smoke-model',
      messages: [{ role: 'user', content: 'Reply with the word ok.' }],
    });
    if (typeof reply.choices[0].message.content !== 'string') process.exit(1);
  }
} catch (error) {
  console.error(`${error}`);
  process.exit(error instanceof OpenAI.APIError && error.status ? 3 : 1);
}
