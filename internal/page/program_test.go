package page_test

import (
	"bufio"
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

// noon is a Thursday on which the simulation has both final and provisional days to show.
const noon = "2026-11-26T09:00:00Z"

// built is the program of `make run`, once for all tests.
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

// start runs the program until the test ends.
func start(t *testing.T) program {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), path) //nolint:gosec // what was just built
	run.Env = append(os.Environ(), "LISTEN=127.0.0.1:0", "DATA_DIR="+t.TempDir(), "NOW="+noon, "GITHUB_API_URL=")
	run.Cancel = func() error { return run.Process.Signal(syscall.SIGTERM) }
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Signal(syscall.SIGTERM); _ = run.Wait() })
	said := bufio.NewReader(out)
	for {
		line, err := said.ReadString('\n')
		if err != nil {
			t.Fatalf("the program did not say where it is: %v", err)
		}
		if at := address.FindString(line); at != "" {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return program{address: at}
		}
	}
}

// get decodes what the API answers.
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

// account is a simulated account to try.
type account struct{ Name, Shows, Scope, Slug, Host, Token string }

func (p program) accounts(t *testing.T) []account {
	t.Helper()
	var list []account
	p.get(t, "/local/simulated-accounts", &list)
	return list
}

// save makes a connector of an account and waits until its days are read; it returns the connector's path in the API.
func (p program) save(t *testing.T, a account) string {
	t.Helper()
	var saved struct{ ID string }
	body, _ := json.Marshal(map[string]string{"token": a.Token, "scope": a.Scope, "slug": a.Slug})
	p.do(t, http.MethodPost, "/v1/tenants/demo/connectors", string(body), &saved)
	var summary any
	p.do(t, http.MethodPost, "/local/schedules/poll", "", &summary) // it answers when all is read
	return "/v1/tenants/demo/connectors/" + saved.ID
}
