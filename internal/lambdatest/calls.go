package lambdatest

import (
	"debug/elf"
	"debug/gosym"
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"
)

// canCall returns the full name of every Go function and method of ours and of libraries in a release. The linker leaves out what
// nothing can call. So an operation of an AWS client that is missing here can never be asked for. The names come from the table that
// stack traces need, so releases have it too. They are the same for each processor; that of this machine is built for other tests too.
func canCall(t testing.TB, logicalID string) []string {
	t.Helper()
	names, err := namesIn(build(t, logicalID+" TARGET_OS=linux TARGET_ARCH="+runtime.GOARCH)) // namesIn reads only the format of Linux
	if err != nil {
		t.Fatalf("reading the names in %s: %v", logicalID, err)
	}
	return names
}

func namesIn(binary string) ([]string, error) {
	file, err := elf.Open(binary)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	lines, err := file.Section(".gopclntab").Data()
	if err != nil {
		return nil, err
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(lines, file.Section(".text").Addr))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(table.Funcs))
	for i, function := range table.Funcs {
		names[i] = function.Name
	}
	return names, nil
}

// dependOnSources makes go test run a test again if one of our sources has changed. go test caches a passed test by the files
// that the test itself reads. It does not see the files that are read by a make that the test starts.
func dependOnSources(t testing.TB) {
	t.Helper()
	for _, root := range []string{"../../functions", "../../internal", "../../Makefile", "../../go.mod", "../../go.sum"} {
		if err := filepath.WalkDir(root, func(_ string, _ fs.DirEntry, err error) error { return err }); err != nil {
			t.Fatal(err)
		}
	}
}
