export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/** A state machine's table as a Mermaid diagram: the documentation holds exactly this text. */
export const stateDiagram = (start: string, edges: readonly DiagramEdge[]): string =>
  [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${start}`,
    ...edges.map(({ from, to, label }) => `  ${from} --> ${to}${label === undefined ? '' : `: ${label}`}`),
    '```',
  ].join('\n');
