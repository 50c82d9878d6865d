/** The examples in which the agent calls a flow. */
export const mcpExamples: readonly string[] = [
  '10 The agent switches lights.json',
  '11 Start the vacuum.json',
  '12 Ask the house.json',
  '13 Ask before it happens.json',
  '14 Updates with http in.json',
];
