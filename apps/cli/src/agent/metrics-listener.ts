import { createServer, type ServerResponse } from 'node:http';
import { metricsContentType, metricsText } from './metrics-text.ts';
import type { AgentStatus } from './status.ts';

/** Serves /metrics and /status to this host alone. @throws errors of listening */
export async function openMetricsListener(
  port: number,
  status: () => AgentStatus,
): Promise<{ close(): Promise<void> }> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    if (request.method !== 'GET') answer(response, 405, 'text/plain', 'only GET\n');
    else if (request.url === '/metrics') answer(response, 200, metricsContentType, metricsText(status()));
    else if (request.url === '/status') answer(response, 200, 'application/json', `${JSON.stringify(status())}\n`);
    else answer(response, 404, 'text/plain', 'there are /metrics and /status\n');
  });
  server.maxConnections = 20;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, code: number, type: string, text: string): void {
  response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}
