import type { FlowNode } from '../support/admin-api.js';

/** A node as the editor holds it. */
export interface EditorNode extends FlowNode {
  readonly valid?: boolean;
  /** The names of the properties that are wrong, or the words about them. */
  readonly validationErrors?: readonly string[];
}

declare global {
  /** The editor's own API, on the page. */
  const RED: {
    readonly nodes: {
      node(id: string): EditorNode | null;
      eachNode(callback: (node: EditorNode) => void): void;
      eachConfig(callback: (node: EditorNode) => void): void;
      createExportableNodeSet(nodes: readonly (EditorNode | null)[]): FlowNode[];
      dirty(isDirty?: boolean): boolean;
      clear(): void;
      import(flows: unknown): void;
      version(revision: unknown): void;
      getWorkspaceOrder(): string[];
    };
    readonly history: { clear(): void };
    readonly view: { redraw(isAll: boolean): void };
    readonly comms: {
      subscribe(topic: string, callback: () => void): void;
      unsubscribe(topic: string, callback: () => void): void;
    };
    readonly editor: {
      editConfig(name: string, type: string, id: string): void;
    };
    readonly workspaces: { show(id: string): void; active(): string };
    readonly sidebar: { show(tab: string): void; readonly help: { show(type: string): void } };
  };
}
