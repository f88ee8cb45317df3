// Command bundle makes internal/page/dist from the sources beside it: it turns TypeScript and CSS into files for browsers. It first
// writes the one source that comes from package access.
// `go generate ./internal/page` runs it, and a test compares the committed files with a new build.
//
// esbuild is a Go module, so nothing here needs Node. Start reading at build.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// write builds the page in dir and replaces the content of its dist.
func write(dir string) error {
	if err := os.WriteFile(filepath.Join(dir, rightsFile), rights(), 0o644); err != nil { //nolint:gosec // it is published
		return err
	}
	files, err := build(dir)
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, "dist", name), content, 0o644); err != nil { //nolint:gosec // it is published
			return err
		}
	}
	return nil
}

// build returns the files of dist by name. Equal sources give equal bytes in every folder.
func build(dir string) (map[string][]byte, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	vendored := func(path string) string { return filepath.Join(root, "third_party", path) }
	result := api.Build(api.BuildOptions{
		AbsWorkingDir: root,
		EntryPoints:   []string{"src/copilot-connectors.tsx", "src/shell.ts", "src/shell.css"},
		Outdir:        "dist",
		Bundle:        true,
		Format:        api.FormatESModule,
		Target:        api.ES2022,
		Charset:       api.CharsetUTF8,
		LegalComments: api.LegalCommentsEndOfFile,

		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,

		JSX: api.JSXAutomatic, JSXImportSource: "preact",
		// The compiler's own paths lead to the types of the vendored files.
		TsconfigRaw: `{}`,
		Alias: map[string]string{
			"preact":             vendored("preact/dist/preact.mjs"),
			"preact/hooks":       vendored("preact/hooks/dist/hooks.mjs"),
			"preact/jsx-runtime": vendored("preact/jsx-runtime/dist/jsxRuntime.mjs"),
			"oauth4webapi":       vendored("oauth4webapi/build/index.js"),
		},
		Plugins: []api.Plugin{styleAsText(root)},
	})
	if len(result.Errors) > 0 {
		return nil, errors.New(api.FormatMessages(result.Errors, api.FormatMessagesOptions{})[0])
	}
	files := map[string][]byte{}
	for _, file := range result.OutputFiles {
		files[filepath.Base(file.Path)] = file.Contents
	}
	return files, nil
}

// styleAsText imports style.css as minified text. The element adopts it, because a content security policy without 'unsafe-inline'
// allows no <style>.
func styleAsText(root string) api.Plugin {
	return api.Plugin{Name: "style as text", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `style\.css$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			sheet := api.Build(api.BuildOptions{
				AbsWorkingDir: root, EntryPoints: []string{args.Path}, Bundle: true, Charset: api.CharsetUTF8,
				MinifyWhitespace: true, MinifySyntax: true,
			})
			if len(sheet.Errors) > 0 {
				return api.OnLoadResult{Errors: sheet.Errors}, nil
			}
			text := string(sheet.OutputFiles[0].Contents)
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, nil
		})
	}}
}
