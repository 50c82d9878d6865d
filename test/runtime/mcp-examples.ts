/** The examples in which the agent calls a flow. */
export const mcpExamples: readonly string[] = [
  '12 The agent switches lights.json',
  '13 Start the vacuum.json',
  '14 Ask the house.json',
  '15 Ask before it happens.json',
  '16 Updates with http in.json',
];
