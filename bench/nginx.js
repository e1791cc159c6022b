// nginx as the server of the benchmarks: one process, the answers of bench/server.js.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** "nginx 1.22.1"; null if it is not in PATH. */
export function nginxVersion() {
  const { stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  return /nginx\/(\S+)/.exec(stderr ?? '')?.[1] ?? null;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const config = (folder, ports) => `
daemon off;
master_process off;
error_log stderr crit;
pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  default_type text/plain;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  open_file_cache max=8;
  split_clients "$connection $connection_requests" $version { 10% v2; * v1; }
  split_clients "$connection_requests $connection" $pod { 33.3% 0; 33.3% 1; * 2; }
  server {
    listen 127.0.0.1:${ports.http};
    listen 127.0.0.1:${ports.https} ssl;
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    location = / {
      add_header x-app-name http-echo;
      add_header x-pod $version-$pod;
      return 200 "hello from backend $version\\n";
    }
    location / {
      root ${folder};
      add_header x-app-version $version;
      add_header x-pod $version-$pod;
    }
  }
}
`;

/**
 * Writes nginx's configuration.
 * @param bodies the file of each path, in bytes: `{ '10k': 10240 }`
 * @returns the command, the ports, and a function that removes the files
 */
export async function prepareNginx({ cert, key }, bodies) {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-bench-'));
  const ports = { http: await freePort(), https: await freePort() };
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  for (const [path, size] of Object.entries(bodies)) writeFileSync(join(folder, path), 'x'.repeat(size));
  writeFileSync(join(folder, 'nginx.conf'), config(folder, ports));
  return {
    command: ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')],
    ports,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
