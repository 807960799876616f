import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import kafkajs from 'kafkajs';

// Node finds no such named export in the CommonJS module.
const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Nothing that time mends: kafkajs must not go on trying by itself. */
export class UnreadableBatch extends Error {
  override readonly name = 'UnreadableBatch';
  readonly retriable = false;
  readonly codec: string;

  constructor(codec: string, reason: unknown) {
    // kafkajs would put a cause in the place of this error.
    super(
      `a batch compressed with ${codec} cannot be unpacked: ${reason instanceof Error ? reason.message : 'no error'}`,
    );
    this.codec = codec;
  }
}

type Unpack = (packed: Buffer) => Promise<Uint8Array>;

/**
 * By default producers choose how a topic is compressed, and other programs may write to ours. kafkajs knows gzip alone,
 * and its consumers stop at anything else. In plain JavaScript, so the same on every Node; loaded when first met.
 * For all clients of this process: kafkajs has one list.
 */
export function registerCodecs(): void {
  const { compress } = gzipOfKafkajs;
  CompressionCodecs[CompressionTypes.GZIP] = () => ({ ...reader('gzip', promisify(unzip)), compress });
  CompressionCodecs[CompressionTypes.Snappy] = () => reader('snappy', unpackSnappy);
  CompressionCodecs[CompressionTypes.LZ4] = () => reader('lz4', unpackLz4);
  CompressionCodecs[CompressionTypes.ZSTD] = () => reader('zstd', unpackZstd);
}

const gzipOfKafkajs = CompressionCodecs[CompressionTypes.GZIP]() as {
  readonly compress: (encoder: { readonly buffer: Buffer }) => Promise<Buffer>;
};

const reader = (codec: string, unpack: Unpack) => ({
  compress: () => Promise.reject(new Error(`this program does not write ${codec}`)),
  decompress: async (packed: Buffer): Promise<Buffer> => {
    try {
      const { buffer, byteOffset, byteLength } = await unpack(packed);
      return Buffer.from(buffer, byteOffset, byteLength);
    } catch (error) {
      throw new UnreadableBatch(codec, error);
    }
  },
});

const unpackLz4: Unpack = async (packed) => (await import('lz4js')).default.decompress(packed);
const unpackZstd: Unpack = async (packed) => (await import('fzstd')).decompress(packed);

/** Of the frame that Java's producers write: a magic, two versions, then blocks, each behind its length. */
const FRAMED = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0]);
const FRAME_HEADER = 16;

async function unpackSnappy(packed: Buffer): Promise<Uint8Array> {
  const { default: snappy } = await import('snappyjs');
  if (!packed.subarray(0, FRAMED.length).equals(FRAMED)) return snappy.uncompress(packed);
  const blocks: Buffer[] = [];
  for (let at = FRAME_HEADER; at < packed.length; ) {
    const start = at + 4;
    at = start + packed.readUInt32BE(at);
    blocks.push(snappy.uncompress(packed.subarray(start, at)));
  }
  return Buffer.concat(blocks);
}
