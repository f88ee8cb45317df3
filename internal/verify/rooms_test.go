package verify

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms are the files of this package in the order in which they build on each other: what is asked and what GitHub answered, the cause,
// the verdict, the words, the checks, the answer. A file may use only what stands in files before it.
var rooms = strings.Fields(`
	request.go evidence.go facts.go accountid.go people.go links.go gather.go
	cause.go explain.go
	code.go verdict.go
	words.go names.go pages.go newtoken.go advice.go remedy.go unread.go
	check.go finding.go reach.go token.go permission.go account.go app.go besides.go seats.go whopays.go reports.go checks.go
	preview.go credential.go verify.go`)

func TestEachFileUsesOnlyFilesBeforeIt(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return strings.HasSuffix(path, "_test.go") })
	slices.Sort(paths)
	if listed := slices.Sorted(slices.Values(rooms)); !slices.Equal(paths, listed) {
		t.Fatalf("the files are %q, rooms lists %q", paths, listed)
	}
	files := token.NewFileSet()
	var syntax []*ast.File
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		syntax = append(syntax, file)
	}
	uses := map[*ast.Ident]types.Object{}
	ours := types.Config{Importer: noImports{}, Error: func(error) {}} // names of other packages stay unknown, which does not matter
	pkg, _ := ours.Check("verify", files, syntax, &types.Info{Uses: uses})
	position := func(at token.Pos) int { return slices.Index(rooms, files.Position(at).Filename) }
	seen := 0
	for name, object := range uses {
		if object.Pkg() != pkg || object.Pos() == token.NoPos {
			continue
		}
		seen++
		if user, used := position(name.Pos()), position(object.Pos()); user < used {
			t.Errorf("%s uses %s of %s, which stands after it", files.Position(name.Pos()), name.Name, rooms[used])
		}
	}
	if seen < 1000 {
		t.Errorf("only %d uses were found", seen)
	}
}

// noImports finds no package.
type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not looked for") }
