package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/contracttest"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// started is a running local program.
type started struct {
	t       *testing.T
	base    string
	printed []string // the lines of its greeting
	log     logBuffer
	stop    func() error
}

var address = regexp.MustCompile(`In a browser: (http://\S+)/\n`)

// baseIn returns the program's address from its greeting, or "" if the greeting has none yet.
func baseIn(greeting string) string {
	if match := address.FindStringSubmatch(greeting); match != nil {
		return match[1]
	}
	return ""
}

// start runs the program and reads its greeting up to the line that begins with last.
func start(t *testing.T, last string, settings ...string) *started {
	t.Helper()
	t.Setenv("LISTEN", "127.0.0.1:0")
	t.Setenv("DATA_DIR", filepath.Join(t.TempDir(), "data"))
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		t.Setenv(name, value)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &started{t: t}
	stdout, print := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, print, &s.log)
		_ = print.Close()
		ended <- err
	}()
	s.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		if log := s.log.String(); strings.Contains(log, "ghp_") || strings.Contains(log, "demoHealthy") {
			t.Errorf("a token is in the log:\n%s", log)
		}
	})
	scanner := bufio.NewScanner(stdout)
	for scanner.Scan() {
		s.printed = append(s.printed, scanner.Text())
		if strings.HasPrefix(scanner.Text(), last) {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	s.base = baseIn(strings.Join(s.printed, "\n"))
	return s
}

// How the last lines of the two greetings begin.
const (
	simulated = "The real GitHub: "
	real      = "To travel in time: "
)

var curl = regexp.MustCompile(`^curl -s (?:-X ([A-Z]+) )?"?([^\s"]+)"?(?: -d '(.*)')?$`)

// paste runs a line of the greeting as a shell would. It knows only curl lines, and returns false for others.
func (s *started) paste(line, id string) (status int, body []byte, ok bool) {
	s.t.Helper()
	command := curl.FindStringSubmatch(line)
	if command == nil {
		return 0, nil, false
	}
	method := cmp.Or(command[1], http.MethodGet)
	if command[1] == "" && command[3] != "" {
		method = http.MethodPost
	}
	status, body = ask(s.t, method, strings.ReplaceAll(command[2], "$ID", id), command[3])
	return status, body, true
}

func TestTheGreetingIsShortAndItsCallsWork(t *testing.T) {
	program := start(t, simulated, "NOW=2026-11-22T09:00:00Z")
	tried := 0
	for _, line := range program.printed {
		status, body, ok := program.paste(line, "")
		if !ok {
			continue
		}
		tried++
		if status >= 300 || strings.Contains(line, "/verify") && !strings.Contains(string(body), `"ok":true`) {
			t.Errorf("%s got %d %.300s", line, status, body)
		}
	}
	if tried != 3 || len(program.printed) > 25 {
		t.Errorf("%d lines were printed, and %d of them are calls", len(program.printed), tried)
	}
	text := strings.Join(program.printed, "\n")
	for _, says := range []string{"NOW=2027-01-21T09:00:00Z", "README.md", program.base + "/\n", "/local/simulated-accounts", platform.Version()} {
		if !strings.Contains(text, says) {
			t.Errorf("the greeting does not say %s:\n%s", says, text)
		}
	}
}

func TestTheProgramCanUseAnotherGitHub(t *testing.T) {
	program := start(t, real, "GITHUB_API_URL=http://127.0.0.1:1", "NOW=2026-11-22T09:00:00Z")
	if !strings.Contains(program.printed[0], "http://127.0.0.1:1.") {
		t.Errorf("the greeting does not name the GitHub: %s", program.printed[0])
	}
	status, body := ask(t, http.MethodPost, program.base+"/v1/tenants/demo/verify", `{"token":"ghp_x","scope":"organization","slug":"octo"}`)
	if status != http.StatusOK || !strings.Contains(string(body), "connection refused") || !strings.Contains(string(body), `"verifiedAt":"2026-11-22T09:00:0`) {
		t.Errorf("Verify got %d %s, want a refused connection at the clock's time", status, body)
	}
}

func TestTheRoutesThatOnlyTheLocalProgramHas(t *testing.T) {
	program := start(t, simulated)
	for _, test := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/healthz", 200, "ok " + platform.Version() + "\n"},
		{"POST", "/healthz", 405, `"code":"method_not_allowed"`},
		{"GET", "/local/schedules/poll", 405, `"code":"method_not_allowed"`},
		{"POST", "/local/schedules/", 404, `"code":"not_found"`},
		{"GET", "/healthz?deep=1", 400, "deep is not a parameter of this call, which takes none."},
		{"POST", "/local/schedules/poll?time=2026-11-22T06:00:00Z", 400, "time is not a parameter"},
		{"GET", "/local/mail?to=a@example.com", 400, `"code":"invalid_input"`},
		{"GET", "//healthz", 404, `"code":"not_found"`},
		{"GET", "/local/../healthz", 404, `"code":"not_found"`},
		{"GET", "//v1/tenants/acme/connectors", 404, `"code":"not_found"`},
		{"GET", "/local/mai%6c", 404, `"code":"not_found"`},
	} {
		if status, body := ask(t, test.method, program.base+test.path, ""); status != test.status || !strings.Contains(string(body), test.body) {
			t.Errorf("%s %s got %d %s", test.method, test.path, status, body)
		}
	}
}

// checkPrivate fails the test if others can read or enter anything, or if the directory has another number of files.
func checkPrivate(t *testing.T, dir string, want int) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %s", path, info.Mode())
		}
		if !entry.IsDir() {
			files++
		}
		return err
	})
	if err != nil || files != want {
		t.Errorf("there are %d files: %v", files, err)
	}
}

func TestAStartMakesAReadableStorePrivate(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "store.db")
	if err := start(t, simulated, "DATA_DIR="+data).stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // the fault in question
		t.Fatal(err)
	}
	start(t, simulated, "DATA_DIR="+data)
	checkPrivate(t, data, 2) // the store that the simulation has created
}

func TestTheErrorNamesAnInvalidSetting(t *testing.T) {
	occupied, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = occupied.Close() }()
	used := t.TempDir()
	start(t, simulated, "DATA_DIR="+used)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for setting, says := range map[string]string{
		"NOW=yesterday":                        "NOW must be an RFC 3339 instant",
		"LISTEN=8080":                          "LISTEN must be host:port",
		"LISTEN=" + occupied.Addr().String():   "LISTEN names another address",
		"GITHUB_API_URL=http://github.example": "GITHUB_API_URL must be https",
		"GITHUB_API_URL=api.github.com":        "GITHUB_API_URL must start with",
		`PRICES={"business":17.5}`:             "PRICES: prices: business must be a price",
		"DATA_DIR=" + used:                     "another make run uses " + filepath.Join(used, "store.db") + " (DATA_DIR names another directory)",
		"DATA_DIR=" + file:                     "(DATA_DIR names another directory)",
	} {
		t.Run(setting, func(t *testing.T) {
			t.Setenv("LISTEN", "127.0.0.1:0")
			t.Setenv("DATA_DIR", t.TempDir())
			name, value, _ := strings.Cut(setting, "=")
			t.Setenv(name, value)
			if err := run(t.Context(), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("got %v, want %q", err, says)
			}
		})
	}
}

func ask(t *testing.T, method, url, body string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(request.URL.Path, "/v1/") {
		holdAgainstContract(t, request, body, response, answer)
	}
	return response.StatusCode, answer
}

// contract is openapi.yaml.
var contract = sync.OnceValues(func() (*contracttest.Contract, error) { return contracttest.Open("../adminapi/openapi.yaml") })

func holdAgainstContract(t *testing.T, request *http.Request, body string, response *http.Response, answer []byte) {
	t.Helper()
	promised, err := contract()
	if err == nil {
		err = promised.Hold(contracttest.Exchange{
			Method: request.Method, URL: request.URL.RequestURI(), ContentType: "application/json", Body: []byte(body),
			Status: response.StatusCode, Header: response.Header, Answer: answer,
		})
	}
	if err != nil {
		t.Errorf("%s %s does not follow openapi.yaml: %v\n%d %.400s", request.Method, request.URL, err, response.StatusCode, answer)
	}
}

// logBuffer can be read while others write to it.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
