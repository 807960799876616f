import type { DestinationStream } from 'pino';
import { PinoPretty } from 'pino-pretty';

/** One readable line a record: time, level, message, facts. */
export const pretty = (destination: DestinationStream): DestinationStream =>
  PinoPretty({
    destination,
    colorize: process.stdout.isTTY,
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
    ignore: 'requestId',
  });
