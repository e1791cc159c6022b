/** The report of `weighbridge doctor` for people at a terminal. */
import type { DoctorResult, MachineResult, OpenLoopResult } from '../../analysis/doctor/result.js';
import { time } from '../../text/durations.js';
import { count, counted, plain, rate } from '../../text/numbers.js';
import type { Paint } from '../layout/grid.js';
import { page, pageColumns, paragraph } from '../layout/page.js';
import { painter } from '../layout/paint.js';
import type { TableOptions } from '../table.js';
import { verdictIndent, verdictLines } from '../verdict-line.js';

const INDENT = 'Closed loop  '.length;

/** Every line is at most `columns` wide and the last ends in a newline. */
export function doctorReport(result: DoctorResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const paint = painter(options.color);
  const sections = [
    answer(result, columns, paint),
    [
      ...paragraph('Closed loop', closedLoop(result), INDENT, columns),
      ...paragraph('Open loop', openLoop(result.openLoop), INDENT, columns),
      ...paragraph('Machine', machineInWords(result.machine), INDENT, columns),
    ],
    ['What that means', ...result.findings.flatMap(({ text }) => paragraph('-', [text], 2, columns))],
  ];
  return page(sections, columns);
}

/** The verdict on what was asked for, and what this machine can do. */
function answer(result: DoctorResult, columns: number, paint: Paint): string[] {
  const { verdict, checks, closedLoop: closed, machine, ended } = result;
  const texts = checks.toSorted((a, b) => Number(b.verdict === verdict) - Number(a.verdict === verdict));
  const [first, ...more] = texts.map(({ text }) => text);
  const indent = verdictIndent(verdict);
  const atMost =
    machine.mostConnections === null
      ? ''
      : `, and have at most ${counted(machine.mostConnections, 'connection')} to one address`;
  const upTo = closed.clientLimited ? 'up to about' : 'at least';
  return [
    ...verdictLines(verdict, first ?? '', columns, paint),
    ...more.flatMap((text) => paragraph('', [text], indent, columns)),
    ...paragraph(
      '',
      [
        ...(ended === 'completed' ? [] : ['Interrupted: the figures are of what was measured up to then.']),
        `This machine can send ${upTo} ${count(closed.requestsPerSecond)} requests per second with ${counted(closed.threads, 'thread')}${atMost}.`,
      ],
      indent,
      columns,
    ),
  ];
}

function closedLoop({ closedLoop: closed }: DoctorResult): string[] {
  const { driver, threads, connections, requestsPerSecond, cpuUsPerRequest, failed } = closed;
  return [
    [
      `driver ${driver ?? 'unknown'}`,
      counted(connections, 'connection'),
      counted(threads, 'thread'),
      rate(requestsPerSecond),
      ...(cpuUsPerRequest === null ? [] : [`${plain(cpuUsPerRequest)} µs of CPU per request`]),
      ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ].join(' · '),
    ...threadInWords(closed.generator),
  ];
}

function openLoop(open: OpenLoopResult | null): string[] {
  if (open === null) return ['not measured'];
  const { ratePerSecond, latenessUs, failed } = open;
  return [
    [
      rate(ratePerSecond),
      ...(latenessUs === null
        ? []
        : [
            `written late by ${time(latenessUs.p50)} (p50), ${time(latenessUs.p99)} (p99), ${time(latenessUs.max)} (max)`,
          ]),
      ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ].join(' · '),
    ...threadInWords(open.generator),
  ];
}

/** `thread busy 97 % · garbage collection 3.7 %, longest 6.5 ms · longest stall 12.8 ms` */
function threadInWords(generator: OpenLoopResult['generator']): string[] {
  if (generator === null) return [];
  const { busyShare, spinShare, gcShare, gcMaxMs, stallMaxMs, noCoreShare } = generator;
  const percent = (share: number) => `${plain(share * 100)} %`;
  return [
    [
      `busiest thread ${percent(busyShare)} busy`,
      ...(spinShare === 0 ? [] : [`${percent(spinShare)} spinning until the next is due`]),
      ...(noCoreShare === null ? [] : [`${percent(noCoreShare)} without a core`]),
      `garbage collection ${percent(gcShare)}, longest ${time(gcMaxMs * 1000)}`,
      `longest stall ${time(stallMaxMs * 1000)}`,
    ].join(' · '),
  ];
}

function machineInWords(machine: MachineResult): string[] {
  const { cores, cpuQuota, loadAverage, openFiles, localPorts, node, platform } = machine;
  return [
    [
      counted(cores, 'core'),
      ...(cpuQuota === null ? [] : [`CPU limit ${plain(cpuQuota)}`]),
      ...(loadAverage === null ? [] : [`load average ${plain(loadAverage)}`]),
      openFiles === null
        ? 'open files: not known'
        : `open files: ${count(openFiles.inUse)} of ${count(openFiles.limit)}`,
      localPorts === null ? 'local ports: not known' : `local ports: ${count(localPorts)}`,
      `Node.js ${node}`,
      platform,
    ].join(' · '),
  ];
}
