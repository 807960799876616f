/** Up to the first line end, without it. @throws Error when it is longer than any password */
export async function firstLine(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += chunk.toString();
    if (/[\r\n]/.test(text) || text.length > 10_000) break;
  }
  return text.split(/\r?\n/)[0] ?? '';
}
