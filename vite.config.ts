import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// ONNX Runtime's threads need SharedArrayBuffer, which a page only gets when it is cross-origin isolated.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Writes the names of all build files, those of the worker included, for public/service-worker.js to keep. */
function listBuildFiles(): Plugin {
  let outDir = 'dist';
  return {
    name: 'list-build-files',
    apply: 'build',
    configResolved: (config) => {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: async () => {
      const names = await readdir(join(outDir, 'assets')).catch(() => []);
      await writeFile(join(outDir, 'build-files.json'), JSON.stringify(names.sort().map((name) => `assets/${name}`)));
    },
  };
}

export default defineConfig({
  // Relative addresses: the built folder works from any sub-path of any static host.
  base: './',
  plugins: [react(), listBuildFiles()],
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  // Its wasm files are found relative to its own module, which pre-bundling would move.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: { target: 'es2022', chunkSizeWarningLimit: 1200 },
  // Modules are read once per worker, not once per file: 77 files took 40 s with isolation and 16 s without. No test mocks a module.
  test: { environment: 'node', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'], isolate: false },
});
