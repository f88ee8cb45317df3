package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// useCases lists what package assembly puts together, so that no program and no test differs from the others in how it does that. A
// test of the use case itself may do it too. So may these packages, whose tests give it stand-ins instead of the program's parts.
var useCases = map[string][]string{
	"adminapi.API":        {"lambdatest"},
	"collect.Collector":   {"fleet"},
	"collect.Poller":      {"fleet"},
	"lifecycle.Lifecycle": {},
	"notify.Notifier":     {"fleet", "notify/sns", "remind"},
	"remind.Reminder":     {"fleet"},
	"spend.Reader":        {"export", "usage"},
	"usage.Reader":        {},
	"verify.Verifier":     {"adminapi"},
}

func TestUseCasesArePutTogetherInAssembly(t *testing.T) {
	used := map[string]bool{}
	for _, root := range []string{".", "../functions"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" {
				return err
			}
			folder := filepath.ToSlash(filepath.Dir(path))
			for _, made := range literals(t, path) {
				allowed, isUseCase := useCases[made]
				used[made+" in "+folder] = true
				if isUseCase && folder != "assembly" && !strings.HasPrefix(made, folder+".") && !slices.Contains(allowed, folder) {
					t.Errorf("%s makes its own %s: take it from package assembly, and in a test from testworld/assembled", path, made)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for made, folders := range useCases {
		for _, folder := range folders {
			if !used[made+" in "+folder] {
				t.Errorf("useCases has a stale row: %s makes no %s", folder, made)
			}
		}
	}
}

// literals returns the types of other packages of which a file makes values with fields, such as "store.Store".
func literals(t *testing.T, file string) (made []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		if literal, ok := node.(*ast.CompositeLit); ok && len(literal.Elts) > 0 {
			if of, ok := literal.Type.(*ast.SelectorExpr); ok {
				if from, ok := of.X.(*ast.Ident); ok {
					made = append(made, from.Name+"."+of.Sel.Name)
				}
			}
		}
		return true
	})
	return made
}
