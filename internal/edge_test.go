package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

func TestOnlyTheEdgeUsesEnvironmentAndClock(t *testing.T) {
	stale := map[string]bool{} // by rule and room
	for _, rule := range mayUse {
		for _, room := range rule.rooms {
			stale[rule.of+" in "+room] = true
		}
	}
	for _, p := range ours(t) {
		for _, name := range p.GoFiles {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, use := range usesOf(file) {
				for _, rule := range mayUse {
					switch {
					case rule.of != use.of || !slices.Contains(rule.names, use.name):
					case slices.Contains(rule.rooms, p.room()):
						delete(stale, rule.of+" in "+p.room())
					default:
						t.Errorf("%s/%s:%d uses %s.%s: %s", p.folder(), name, files.Position(use.at).Line, use.of, use.name, rule.why)
					}
				}
			}
		}
	}
	for row := range stale {
		t.Errorf("mayUse allows what nothing uses: %s", row)
	}
}

// use is a use of another package's name. It need not be a call: `clock: time.Now` counts as well.
type use struct {
	of   string // import path
	name string
	at   token.Pos
}

func usesOf(file *ast.File) []use {
	imported := map[string]string{} // import path by the name that it has in this file
	for _, spec := range file.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value) // the parser has accepted it
		local := path.Base(importPath)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		imported[local] = importPath
	}
	var uses []use
	for node := range ast.Preorder(file) {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		if of, ok := selector.X.(*ast.Ident); ok && imported[of.Name] != "" {
			uses = append(uses, use{imported[of.Name], selector.Sel.Name, selector.Pos()})
		}
	}
	return uses
}
