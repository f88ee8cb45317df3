// Package internal_test holds the rules of the architecture. The tables below say which package may use which.
package internal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "cloudmonitor.ai/copilot-connector/"

// anything marks packages that join the others, and tools of tests.
const anything = "*"

// domain marks the packages that all others except the simulators may import: errors, dates, and what a connector is.
const domain = "domain"

var domainRooms = []string{"internal/fault", "internal/calendar", "internal/copilot", "internal/credential", "internal/access", "internal/audit", "internal/privacy", "internal/connector"}

// mayImport lists what each package may import besides the standard library: our packages and modules of others. First the
// domain, then the use cases, the adapters, the simulators, and the packages that join them.
var mayImport = map[string][]string{
	"internal/fault":      {},
	"internal/calendar":   {"internal/fault"},
	"internal/measure":    {},
	"internal/copilot":    {},
	"internal/credential": {"internal/fault", "internal/copilot"},
	"internal/access":     {"internal/fault", "internal/copilot", "internal/credential"},
	"internal/audit":      {},
	"internal/privacy":    {},
	"internal/connector":  {"internal/audit", "internal/privacy", "internal/calendar", "internal/copilot", "internal/credential", "internal/access"},
	"internal/count":      {},
	"internal/shard":      {},
	"internal/listing":    {},
	"internal/feature":    {"internal/count"},
	"internal/resume":     {"internal/fault"},
	"internal/reports":    {"internal/resume"},
	"internal/metrics":    {"internal/fault", "internal/calendar", "internal/copilot", "internal/count", "internal/shard", "internal/feature", "github.com/go-json-experiment/json"},
	"internal/activity":   {"internal/calendar", "internal/metrics"},
	"internal/team":       {"internal/calendar", "internal/metrics", "internal/activity", "internal/money"},
	"internal/ledger":     {"internal/fault", "internal/calendar", "internal/metrics", "internal/activity", "internal/team"},
	"internal/money":      {"internal/calendar", "internal/copilot"},
	"internal/seat":       {"internal/calendar", "internal/copilot", "internal/money"},
	"internal/cost":       {"internal/fault", "internal/calendar", "internal/copilot", "internal/access", "internal/metrics", "internal/team", "internal/money", "internal/seat"},

	"internal/verify":       {domain, "internal/reports", "internal/metrics", "internal/money", "internal/seat", "internal/cost"},
	"internal/collect/poll": {domain, "internal/metrics", "internal/ledger", "internal/verify"},
	"internal/collect":      {domain, "internal/collect/poll", "internal/reports", "internal/resume", "internal/metrics", "internal/team", "internal/ledger", "internal/seat", "internal/cost", "internal/verify", "internal/measure", "golang.org/x/sync"},
	"internal/lifecycle":    {domain, "internal/money", "internal/verify"},
	"internal/usage":        {domain, "internal/listing", "internal/metrics", "internal/activity", "internal/team", "internal/ledger", "internal/shard", "internal/seat", "golang.org/x/sync"},
	"internal/spend":        {domain, "internal/metrics", "internal/activity", "internal/team", "internal/ledger", "internal/money", "internal/seat", "internal/cost", "golang.org/x/sync"},
	"internal/remind":       {domain, "internal/measure"},

	"internal/github/apptoken": {domain},
	"internal/github":          {domain, "internal/reports", "internal/resume", "internal/github/apptoken", "internal/metrics", "internal/money", "internal/seat", "internal/cost", "github.com/google/go-github/v66", "github.com/go-json-experiment/json", "golang.org/x/sync", "github.com/cenkalti/backoff/v5"},
	"internal/store":           {domain, "internal/resume", "internal/metrics", "internal/activity", "internal/team", "internal/ledger", "internal/shard", "internal/seat", "internal/cost", "golang.org/x/sync"},
	"internal/store/bolt":      {domain, "internal/store", "go.etcd.io/bbolt"},
	"internal/store/dynamo":    {"internal/awserror", domain, "internal/store", "github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go", "golang.org/x/sync", "golang.org/x/time"},
	"internal/vault":           {domain},
	"internal/mint":            {domain, "internal/github/apptoken"},
	"internal/mint/awsmint":    {domain, "internal/github/apptoken", "internal/awserror", "github.com/aws/aws-sdk-go-v2"},
	"internal/notify":          {domain},
	"internal/queue":           {domain},

	"internal/vault/files":          {domain, "internal/vault"},
	"internal/vault/kms":            {domain, "internal/vault", "internal/awserror", "github.com/aws/aws-sdk-go-v2"},
	"internal/vault/secretsmanager": {domain, "internal/vault", "internal/awserror", "github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go", "github.com/cenkalti/backoff/v5"},
	"internal/queue/inprocess":      {domain, "internal/queue"},
	"internal/queue/sqs":            {domain, "internal/queue", "internal/awserror", "github.com/aws/aws-sdk-go-v2", "github.com/cenkalti/backoff/v5"},
	"internal/notify/outbox":        {domain, "internal/notify", "internal/store"}, // it keeps its mails in the store
	"internal/notify/sns":           {domain, "internal/notify", "internal/awserror", "github.com/aws/aws-sdk-go-v2", "golang.org/x/time"},

	"internal/edge":      {"github.com/go-json-experiment/json"},
	"internal/export":    {domain, "internal/edge", "github.com/go-json-experiment/json", "internal/feature", "internal/metrics", "internal/team", "internal/money", "internal/seat", "internal/cost", "internal/spend"},
	"internal/adminapi":  {domain, "internal/edge", "internal/listing", "internal/remind", "internal/metrics", "internal/money", "internal/seat", "internal/cost", "internal/verify", "internal/lifecycle", "internal/usage", "internal/spend", "internal/export", "internal/measure"},
	"internal/awserror":  {"github.com/aws/smithy-go"},
	"internal/awsclient": {"internal/platform", "github.com/aws/aws-sdk-go-v2"},
	"internal/platform":  {"internal/measure"},

	"internal/platform/lambda": {domain, "internal/edge", "internal/platform", "internal/measure", "github.com/aws/aws-lambda-go"},

	"internal/page":        {"internal/edge"},
	"internal/page/bundle": {domain, "github.com/evanw/esbuild"},

	"internal/githubsim":       {},
	"internal/testrun":         {},
	"internal/testrun/host":    {"internal/testrun", "internal/awstest", "internal/lambdatest"},
	"internal/lambdatest":      {"internal/testrun", "go.yaml.in/yaml/v3"},
	"internal/awstest":         {anything},
	"internal/contracttest":    {"github.com/santhosh-tekuri/jsonschema/v6", "github.com/go-json-experiment/json", "go.yaml.in/yaml/v3"},
	"internal/emftest":         {},
	"internal/store/tabletest": {anything},
	"internal/testlog":         {},
	"internal/testworld":       {"internal/connector", "internal/credential", "internal/github", "internal/github/apptoken", "internal/githubsim", "internal/notify", "internal/store", "github.com/google/go-cmp"},
	"internal/vault/vaulttest": {domain, "internal/vault"},
	"internal/queue/queuetest": {domain},

	"internal/assembly":            {anything},
	"internal/testworld/assembled": {anything}, // it joins the others for tests, through assembly. testworld knows no use case, so tests of the domain can use it
	"internal/awsworld":            {anything},
	"internal/local":               {anything},
	"functions":                    {anything},
}

// mayUse lists the packages that may use the environment, the clock and the like. Other packages get these as parameters. Tests
// may use them.
var mayUse = []struct {
	of    string
	names []string
	rooms []string
	why   string
}{
	{
		of: "os", names: []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"},
		rooms: []string{"internal/platform", "internal/lambdatest", "internal/awstest"},
		why:   "the environment is read in internal/platform only: add a field to a settings struct there",
	},
	{
		of: "syscall", names: []string{"Getenv", "Environ"},
		rooms: []string{"internal/testrun"},
		why:   "the environment is read in internal/platform only: add a field to a settings struct there",
	},
	{
		of: "time", names: []string{"Now", "Since", "Until"},
		rooms: []string{"internal/local", "internal/lambdatest", "internal/testworld", "functions"},
		why:   "the clock is handed in: take a now func() time.Time",
	},
}

// nameless are package names that do not say what a package provides.
var nameless = []string{"util", "utils", "common", "types", "models", "helpers", "interfaces", "misc", "base"}

// sourcePackage is one of our packages, as `go list` describes it.
type sourcePackage struct {
	ImportPath, Name, Dir string
	Imports, GoFiles      []string // without the imports of its tests
}

// folder returns the package's folder in this module.
func (p sourcePackage) folder() string { return strings.TrimPrefix(p.ImportPath, module) }

// room returns the package's key in the tables: its folder, but the same key for all functions.
func (p sourcePackage) room() string {
	if strings.HasPrefix(p.folder(), "functions/") {
		return "functions"
	}
	return p.folder()
}

func TestEachPackageImportsOnlyWhatItMay(t *testing.T) {
	stale := maps.Clone(mayImport)
	for _, p := range ours(t) {
		delete(stale, p.room())
		allowed, known := mayImport[p.room()]
		if !known {
			t.Errorf("%s has no row in mayImport: decide what it may import", p.folder())
			continue
		}
		for _, imported := range p.Imports {
			if !allows(allowed, imported) {
				t.Errorf("%s may not import %s: see mayImport", p.folder(), strings.TrimPrefix(imported, module))
			}
		}
	}
	for room := range stale {
		t.Errorf("mayImport has a row for %s, which has no code", room)
	}
}

// A person who tries the program must compile everything that it links. AWS's SDK would take long.
func TestTheLocalProgramLinksNothingOfAWS(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", module+"internal/local")
	packages, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for imported := range strings.Lines(string(packages)) {
		if strings.HasPrefix(imported, "github.com/aws/") {
			t.Errorf("internal/local links %s", strings.TrimSpace(imported))
		}
	}
}

func TestEveryPackageIsNamedForWhatItProvides(t *testing.T) {
	for _, p := range ours(t) {
		if slices.Contains(nameless, p.Name) {
			t.Errorf("%s: the name %q does not say what the package provides", p.folder(), p.Name)
		}
	}
}

// maxExported is how many names a package may export. A package with more has more than one purpose.
const maxExported = 60

func TestNoPackageExportsTooManyNames(t *testing.T) {
	for _, p := range ours(t) {
		var exported []string
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, declaration := range file.Decls {
				exported = append(exported, exportedNames(declaration)...)
			}
		}
		if len(exported) > maxExported {
			t.Errorf("%s exports %d names, more than %d: split it", p.folder(), len(exported), maxExported)
		}
	}
}

// unwatched are packages with goroutines whose own tests run without the race detector. Other packages' tests, which run
// with the race detector, use the parts that are shared: tools of tests, and the page, which internal/local serves. `make test` runs the host of the shared emulators as a program.
var unwatched = []string{
	"internal/awstest", "internal/contracttest", "internal/githubsim", "internal/lambdatest", "internal/page",
	"internal/store/tabletest", "internal/testrun", "internal/testrun/host", "internal/testworld", "internal/vault/vaulttest",
}

func TestWhatStartsGoroutinesIsTestedWithTheRaceDetector(t *testing.T) {
	watched, stale := listed(t, "RACED"), slices.Clone(unwatched)
	for _, p := range ours(t) {
		folder := p.folder()
		switch is := concurrent(t, p); {
		case is && slices.Contains(unwatched, folder):
			stale = slices.DeleteFunc(stale, func(s string) bool { return s == folder })
		case is && !slices.Contains(watched, strings.TrimPrefix(folder, "internal/")):
			t.Errorf("%s starts goroutines or shares something between them: add it to RACED in the Makefile", folder)
		}
	}
	for _, folder := range stale {
		t.Errorf("unwatched has a row for %s, which starts and shares nothing", folder)
	}
}

// carriers are long stories whose goroutines only carry requests out of a bubble of testing/synctest. They prove how long work takes.
var carriers = []string{"internal/spend/rounds_test.go", "internal/usage/rounds_test.go"}

// A file that begins with `//go:build !race` never runs if its package is tested only with the race detector. The race detector never
// sees it, so it must start nothing.
func TestNoTestFileIsLeftOut(t *testing.T) {
	watched, both := listed(t, "RACED"), listed(t, "LONG")
	for _, p := range ours(t) {
		name := strings.TrimPrefix(p.folder(), "internal/")
		tests, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range tests {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(text, []byte("//go:build !race\n")) {
				continue
			}
			if slices.Contains(watched, name) && !slices.Contains(both, name) {
				t.Errorf("%s never runs: add its package to LONG in the Makefile", file)
			}
			if starts(t, file) && !slices.Contains(carriers, p.folder()+"/"+filepath.Base(file)) {
				t.Errorf("%s starts goroutines that the race detector never sees: move that test to a file without the line", file)
			}
		}
	}
}

// listed returns a list of packages in the Makefile, which may be continued over lines.
func listed(t *testing.T, name string) []string {
	t.Helper()
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(strings.ReplaceAll(string(makefile), "\\\n", ""), "\n"+name+" := ")
	if !found {
		t.Fatalf("Makefile has no list %s", name)
	}
	list, _, _ = strings.Cut(list, "\n")
	return strings.Fields(list)
}

// concurrent reports whether a package starts goroutines, or imports what only they need.
func concurrent(t *testing.T, p sourcePackage) (is bool) {
	t.Helper()
	for _, path := range []string{"sync", "sync/atomic", "golang.org/x/sync/errgroup"} {
		is = is || slices.Contains(p.Imports, path)
	}
	for _, name := range p.GoFiles {
		is = is || starts(t, filepath.Join(p.Dir, name))
	}
	return is
}

// starts reports whether a file starts goroutines.
func starts(t *testing.T, file string) (is bool) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.GoStmt:
			is = true
		case *ast.CallExpr: // of a sync.WaitGroup or an errgroup.Group
			called, ok := n.Fun.(*ast.SelectorExpr)
			is = is || ok && called.Sel.Name == "Go"
		}
		return true
	})
	return is
}

// exportedNames returns the types, functions, constants and variables that a declaration exports. Methods belong to their types.
func exportedNames(declaration ast.Decl) (names []string) {
	add := func(name *ast.Ident) {
		if name.IsExported() {
			names = append(names, name.Name)
		}
	}
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				add(s.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					add(name)
				}
			}
		}
	}
	return names
}

func allows(allowed []string, imported string) bool {
	if standard(imported) {
		return true
	}
	imported = strings.TrimPrefix(imported, module)
	return slices.ContainsFunc(allowed, func(a string) bool {
		return a == anything || a == domain && slices.Contains(domainRooms, imported) || imported == a || strings.HasPrefix(imported, a+"/")
	})
}

// standard reports whether a package belongs to the standard library. The go command uses the same rule: there is no dot in the
// first element.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// ours lists every package of this module that has code besides tests.
func ours(t *testing.T) []sourcePackage {
	t.Helper()
	var out, problems bytes.Buffer
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Name,Dir,Imports,GoFiles", module+"...")
	list.Stdout, list.Stderr = &out, &problems
	if err := list.Run(); err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	var packages []sourcePackage
	for stream := json.NewDecoder(&out); ; {
		var p sourcePackage
		if err := stream.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("reading go list: %v", err)
		}
		if len(p.GoFiles) > 0 {
			packages = append(packages, p)
		}
	}
}
