package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// noon is on a Thursday on which the simulation has both final and provisional days.
const noon = "2026-11-26T09:00:00Z"

// built returns the program of `make run`, which is built once for all tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "connector")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "local")
	build := exec.Command("go", "build", "-o", path, "../local") //nolint:gosec // a path of our own
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range []func(){chrome.end, world.end} {
		if end != nil {
			end()
		}
	}
	if path, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program is `make run` with a simulated GitHub inside.
type program struct {
	address string
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start runs the program without connectors until the test ends.
func start(t *testing.T) program { t.Helper(); return startIn(t, t.TempDir()) }

// startConnected runs the program until the test ends, with a connector of the first account. It returns the connector's path in
// the API.
func startConnected(t *testing.T) (run program, path string) {
	t.Helper()
	from, path := keptData(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return startIn(t, dir), path
}

func startIn(t *testing.T, dir string) program {
	t.Helper()
	run, end, err := launch(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	return run
}

// launch runs the program until end is called.
func launch(dir string) (run program, end func(), err error) {
	path, err := built()
	if err != nil {
		return program{}, nil, err
	}
	process := exec.CommandContext(context.Background(), path) //nolint:gosec // what was just built
	process.Env = append(os.Environ(), "LISTEN=127.0.0.1:0", "DATA_DIR="+dir, "NOW="+noon, "GITHUB_API_URL=")
	out, err := process.StdoutPipe()
	if err != nil {
		return program{}, nil, err
	}
	if err := process.Start(); err != nil {
		return program{}, nil, err
	}
	end = func() {
		_ = process.Process.Signal(syscall.SIGTERM)
		_ = process.Wait()
	}
	said := bufio.NewReader(out)
	for {
		line, err := said.ReadString('\n')
		if err != nil {
			end()
			return program{}, nil, fmt.Errorf("the program printed no address: %w", err)
		}
		if at := address.FindString(line); at != "" {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return program{address: at}, end, nil
		}
	}
}

// kept is the data of a program that has read all days of the first account. Programs of tests continue with copies of it, so
// that only one reads these days. It lies beside the program.
var kept struct {
	sync.Once
	dir  string
	path string // of the account's connector in the API
}

func keptData(t *testing.T) (dir, path string) {
	t.Helper()
	kept.Do(func() {
		path, err := built()
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(filepath.Dir(path), "kept")
		run, end, err := launch(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer end()
		kept.dir, kept.path = dir, run.save(t, run.accounts(t)[0])
	})
	if kept.path == "" {
		t.Fatal("another test could not prepare the data")
	}
	return kept.dir, kept.path
}

// world is one program for all tests that change nothing in it. TestMain ends it.
var world struct {
	mu    sync.Mutex
	run   program
	end   func()
	paths map[string]string // paths of its connectors in the API, by the account's name
}

// shared returns the program that tests share.
func shared(t *testing.T) program {
	t.Helper()
	from, path := keptData(t)
	world.mu.Lock()
	defer world.mu.Unlock()
	if world.end != nil {
		return world.run
	}
	dir := filepath.Join(filepath.Dir(from), "shared")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	run, end, err := launch(dir)
	if err != nil {
		t.Fatal(err)
	}
	world.run, world.end, world.paths = run, end, map[string]string{run.accounts(t)[0].Name: path}
	return run
}

// connected returns the path of an account's connector in the shared program. All its days are read.
func connected(t *testing.T, a account) string {
	t.Helper()
	run := shared(t)
	world.mu.Lock()
	defer world.mu.Unlock()
	if world.paths[a.Name] == "" {
		world.paths[a.Name] = run.save(t, a)
	}
	return world.paths[a.Name]
}

// get decodes an answer of the API.
func (p program) get(t *testing.T, path string, into any) {
	t.Helper()
	p.do(t, http.MethodGet, path, "", into)
}

func (p program) do(t *testing.T, method, path, body string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, p.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= 300 {
		said, _ := io.ReadAll(response.Body)
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, said)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
}

// account is a simulated account.
type account struct{ Name, Shows, Scope, Slug, Host, Token string }

func (p program) accounts(t *testing.T) []account {
	t.Helper()
	var list []account
	p.get(t, "/local/simulated-accounts", &list)
	return list
}

// save makes a connector of an account, waits until its days are read, and returns the connector's path in the API.
func (p program) save(t *testing.T, a account) string {
	t.Helper()
	var saved struct{ ID string }
	body, _ := json.Marshal(map[string]string{"token": a.Token, "scope": a.Scope, "slug": a.Slug})
	p.do(t, http.MethodPost, "/v1/tenants/demo/connectors", string(body), &saved)
	var summary any
	p.do(t, http.MethodPost, "/local/schedules/poll", "", &summary) // answers when everything is read
	return "/v1/tenants/demo/connectors/" + saved.ID
}

// idOf returns the id at the end of a connector's path.
func idOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }
