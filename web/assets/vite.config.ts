import purge from "@fullhuman/postcss-purgecss";
import { defineConfig } from "vite";

// Tabler is large; what no template and no script of ours names is left out. Styles that libraries
// bring for their own elements (diagrams, forms) are never touched: see `skip`.
const ours = purge({
  content: ["../templates/**/*.html", "../**/*.py", "./src/**/*.ts"],
  safelist: { standard: [/^light/, /^htmx-/, /^is-/, /^show$/, /^data-/, /^aria-/], greedy: [/:root/, /data-bs-theme/] },
  variables: false,
});

export default defineConfig({
  base: "/assets/",
  css: {
    postcss: {
      plugins: [
        {
          postcssPlugin: "purge-main-only",
          OnceExit(root, helpers) {
            const file = root.source?.input.file ?? "";
            if (file.endsWith("styles/main.css")) return (ours as any).OnceExit(root, helpers);
          },
        } as any,
      ],
    },
  },
  build: {
    outDir: "../static/build",
    emptyOutDir: false, // a page that is open still asks for the files it was built with
    manifest: "manifest.json",
    target: ["es2020", "chrome87", "firefox78", "safari14"],
    cssCodeSplit: true,
    chunkSizeWarningLimit: 4000,
    rollupOptions: { input: ["src/main.ts", "src/styles/main.css"] },
  },
});
