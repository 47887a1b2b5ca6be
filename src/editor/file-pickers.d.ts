/** The pickers of the File System Access API, which not every browser has and TypeScript does not know. */

interface FilePickerType {
  readonly description: string;
  readonly accept: Readonly<Record<string, readonly string[]>>;
}

interface Window {
  readonly showSaveFilePicker?: (options: {
    readonly suggestedName: string;
    readonly types: readonly FilePickerType[];
  }) => Promise<FileSystemFileHandle>;
  readonly showOpenFilePicker?: (options: {
    readonly multiple: boolean;
    readonly types: readonly FilePickerType[];
  }) => Promise<readonly FileSystemFileHandle[]>;
}
