package lambdatest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/testrun"
)

// Build builds a function like a release, but for this machine, and returns the path of its bootstrap, which must not be changed.
// The function is named as in template.yaml; the test must run two folders below the root.
func Build(t testing.TB, logicalID string) string {
	t.Helper()
	return build(t, logicalID+" TARGET_OS="+runtime.GOOS+" TARGET_ARCH="+runtime.GOARCH)
}

// BuildRelease builds exactly the bytes of a release.
func BuildRelease(t testing.TB, logicalID string) string {
	t.Helper()
	return build(t, logicalID)
}

// Shared is the kind of thing that Builder makes for all test binaries of a run.
const Shared = "release"

// Builder returns a function for the host of a run, which is at the root. It builds releases into subfolders of a folder. A
// release is named by the function and by the variables of make.
func Builder(folder string) func(name string) (bootstrap string, err error) {
	return func(name string) (string, error) {
		into, err := os.MkdirTemp(folder, Shared)
		if err != nil {
			return "", err
		}
		return makeRelease(".", name, into)
	}
}

// releases are the bootstraps that this process has built without a host, by their names.
var releases struct {
	mu    sync.Mutex
	built map[string][]byte
}

func build(t testing.TB, name string) string {
	t.Helper()
	dependOnSources(t)
	bootstrap, hosted, err := testrun.Ask(Shared, name)
	if !hosted {
		bootstrap, err = buildHere(name, t.TempDir())
	}
	if err != nil {
		t.Fatal(err)
	}
	return bootstrap
}

// buildHere builds each release once and writes a copy into the folder of each test.
func buildHere(name, folder string) (bootstrap string, err error) {
	releases.mu.Lock()
	defer releases.mu.Unlock()
	if release, ok := releases.built[name]; ok {
		bootstrap = filepath.Join(folder, "bootstrap")
		syscall.ForkLock.RLock() // a process started now would inherit the open file, and then it could not be executed
		defer syscall.ForkLock.RUnlock()
		return bootstrap, os.WriteFile(bootstrap, release, 0o700) //nolint:gosec // it is a program
	}
	if bootstrap, err = makeRelease("../..", name, folder); err != nil {
		return "", err
	}
	release, err := os.ReadFile(bootstrap) //nolint:gosec // what was built above
	if err != nil {
		return "", err
	}
	if releases.built == nil {
		releases.built = map[string][]byte{}
	}
	releases.built[name] = release
	return bootstrap, nil
}

// makeRelease lets make build a release into a folder.
func makeRelease(root, name, folder string) (bootstrap string, err error) {
	folder, err = filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	words := strings.Fields("build-" + name)
	build := exec.Command("make", append([]string{"-C", root, "ARTIFACTS_DIR=" + folder}, words...)...) //nolint:gosec,noctx // the words are a test's own; a test has a time limit
	build.Env = append(os.Environ(), "MAKEFLAGS=")                                                      // without the flags of the make that runs the tests
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", name, err, out)
	}
	return filepath.Join(folder, "bootstrap"), nil
}
