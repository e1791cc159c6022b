/** Answers in HTTP/2 frames, and a server that gives them. */
import type { Socket } from 'node:net';
import { END_HEADERS, END_STREAM, FRAME, field, frame, rawH2Server, STATUS_200 } from '../h2-servers.js';
import type { Cleanup } from '../servers.js';
import { FAULTY, type H2Fault } from './fault.js';

/** The head of an answer of this version. */
export function headH2(streamId: number, version = FAULTY): Buffer {
  return frame(
    FRAME.headers,
    END_HEADERS,
    streamId,
    Buffer.concat([STATUS_200, field('x-version', version)]),
  );
}

/** A whole answer of this version. */
export function answerH2(streamId: number, version = FAULTY): Buffer {
  return Buffer.concat([headH2(streamId, version), frame(FRAME.data, END_STREAM, streamId, 'ok')]);
}

/**
 * @param answered gets a list for each connection, of what its requests were answered
 * @param decide says what the nth request of all shall be answered
 * @returns where it listens
 */
export async function serveH2(
  t: Cleanup,
  { preface, answer }: H2Fault,
  answered: string[][],
  decide: (inAll: number) => string,
): Promise<string> {
  const bySocket = new Map<Socket, string[]>();
  const server = await rawH2Server(
    t,
    (socket, { streamId, inAll }) => {
      let mine = bySocket.get(socket);
      if (mine === undefined) {
        mine = [];
        bySocket.set(socket, mine);
        answered.push(mine);
      }
      const version = decide(inAll);
      mine.push(version);
      if (version === FAULTY) answer(socket, streamId);
      else socket.write(answerH2(streamId, version));
    },
    preface === undefined ? {} : { preface },
  );
  return server.at;
}
