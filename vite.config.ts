import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { marked } from 'marked';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// ONNX Runtime's threads need SharedArrayBuffer, which a page only gets when it is cross-origin isolated.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * What the built page may do. Scripts are its own files alone, and WebAssembly for ONNX Runtime; nothing is evaluated. Models are fetched from
 * wherever the user says. Styles: React Flow, Radix and Sonner write style elements.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  'connect-src * blob: data:',
  "img-src 'self' blob: data:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
    ],
  };
}

/** The guides as pages of the app: page name → Markdown file below public/. */
const guides: Readonly<Record<string, string>> = {
  training: 'docs/training.md',
  design: 'docs/design.md',
  formats: 'docs/formats.md',
  reliability: 'docs/reliability.md',
  picturebook: 'models/picturebook/README.md',
};

/** Serves and builds docs/NAME.html. */
function guidePages(): Plugin {
  let publicDir = 'public';
  const page = async (name: string): Promise<string> => {
    const markdown = await readFile(join(publicDir, guides[name]!), 'utf8');
    const body = await marked.parse(markdown.replaceAll(/\]\(([\w-]+)\.md\)/g, '](./$1.html)'));
    const title = /^# (.+)$/m.exec(markdown)?.[1] ?? name;
    return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self'" />
<title>${title} · Sgraffito</title>
<style>
  body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
  pre, table { display: block; overflow-x: auto; }
  pre { padding: 0.75rem; background: color-mix(in srgb, currentColor 7%, transparent); }
  table { border-collapse: collapse; }
  th, td { padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); text-align: left; vertical-align: top; }
</style>
<nav><a href="../">Sgraffito</a></nav>
<main>${body}</main>
</html>
`;
  };
  return {
    name: 'guide-pages',
    configResolved: (config) => {
      publicDir = config.publicDir;
    },
    configureServer: (server) => {
      server.middlewares.use(async (request, response, next) => {
        const name = /^\/docs\/([\w-]+)\.html$/.exec(request.url ?? '')?.[1];
        if (name === undefined || !Object.hasOwn(guides, name)) return next();
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(await page(name));
      });
    },
    async generateBundle() {
      if (this.environment.config.build.ssr) return;
      for (const name of Object.keys(guides)) {
        this.emitFile({ type: 'asset', fileName: `docs/${name}.html`, source: await page(name) });
      }
    },
  };
}

/** `virtual:built-in-model`: what the screen shows of the built-in package before that has come; null where there is none. */
function builtInModel(): Plugin {
  const [name, own] = ['virtual:built-in-model', '\0virtual:built-in-model'];
  const file = resolve(import.meta.dirname, 'public/models/picturebook/manifest.json');
  return {
    name: 'built-in-model',
    resolveId: (id) => (id === name ? own : undefined),
    load: async (id) => {
      if (id !== own) return undefined;
      const text = await readFile(file, 'utf8').catch(() => 'null');
      const { name: model, kind, styles, vocabulary, kinds, student, files } = JSON.parse(text) ?? {};
      const facts = model === undefined ? null : { name: model, kind, styles, vocabulary, kinds, student, files };
      return `export const builtIn = ${JSON.stringify(facts)};`;
    },
  };
}

/** Weights go out as they are: gzip takes two seconds for a tenth of them. */
function plainWeights(): Plugin {
  return {
    name: 'plain-weights',
    configurePreviewServer: (server) => {
      server.middlewares.use((request, _response, next) => {
        if (/\.(onnx|safetensors)$/.test(request.url ?? '')) delete request.headers['accept-encoding'];
        next();
      });
    },
  };
}

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
  plugins: [react(), builtInModel(), contentSecurityPolicy(), guidePages(), plainWeights(), listBuildFiles()],
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  // Its wasm files are found relative to its own module, which pre-bundling would move.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: { target: 'es2022', chunkSizeWarningLimit: 1200 },
  // Modules are read once per worker, not once per file: 77 files took 40 s with isolation and 16 s without. No test mocks a module.
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    isolate: false,
    // Against hanging, not slowness: at a load of 25 on two cores tests of half a second took more than Vitest's own 5 s.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves a core free by itself; of two that would be half of them.
    maxWorkers: '100%',
  },
});
