package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// asProgram makes the test binary run as the program.
const asProgram = "RUN_AS_PROGRAM=yes"

func TestMain(m *testing.M) {
	if slices.Contains(os.Environ(), asProgram) {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is the program in a process of its own, which can get signals.
type process struct {
	t              *testing.T
	command        *exec.Cmd
	stdout, stderr logBuffer
	base           string
}

// launch starts the program with a data directory. It waits for nothing.
func launch(t *testing.T, data string, settings ...string) *process {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, command: exec.CommandContext(t.Context(), path)} //nolint:gosec // these tests
	p.command.Env = append([]string{asProgram, "HOME=/nowhere", "LISTEN=127.0.0.1:0", "DATA_DIR=" + data}, settings...)
	p.command.Stdout, p.command.Stderr = &p.stdout, &p.stderr
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.command.Process.Kill() })
	return p
}

// serves waits for the greeting.
func (p *process) serves() *process {
	p.t.Helper()
	eventually(p.t, func() bool {
		p.base = baseIn(p.stdout.String())
		return p.base != "" || strings.Contains(p.stderr.String(), "make run:")
	})
	if p.base == "" {
		p.t.Fatalf("the program ended: %s", p.stderr.String())
	}
	return p
}

// ends waits for the program's end, and returns its exit status.
func (p *process) ends() int {
	p.t.Helper()
	_ = p.command.Wait()
	return p.command.ProcessState.ExitCode()
}

// eventually waits until another process has done something.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the program did not do it within a minute")
		}
	}
}

// outsideGitHub starts a simulated GitHub outside of the program. Its one organization has few people, so its days are read
// quickly.
func outsideGitHub(t *testing.T, now func() time.Time, days int) (gitHub *githubsim.Server, setting string) {
	t.Helper()
	gitHub = githubsim.New(now, githubsim.Account{
		Kind: githubsim.Organization, Slug: "well", Plan: githubsim.PlanBusiness, Seats: 5,
		FirstDay: now().UTC().AddDate(0, 0, -days).Format(time.DateOnly),
		Tokens:   []githubsim.Token{{Value: "ghp_well", Login: "well-owner", Scopes: []string{"read:org"}, ExpiresAt: now().AddDate(0, 0, 60)}},
	})
	server := httptest.NewServer(gitHub)
	t.Cleanup(server.Close)
	return gitHub, "GITHUB_API_URL=" + server.URL
}

const (
	tenant   = "/v1/tenants/demo"
	wellForm = `{"token":"ghp_well","scope":"organization","slug":"well"}`
)

// saved saves the connector, waits until all its days are read, and returns its path.
func (p *process) saved() (path string) {
	p.t.Helper()
	status, body := ask(p.t, http.MethodPost, p.base+tenant+"/connectors", wellForm)
	var c struct{ ID string }
	if err := json.Unmarshal(body, &c); status != http.StatusCreated || err != nil {
		p.t.Fatalf("Save got %d %s", status, body)
	}
	if summary := poll(p.t, p.base, ""); summary.OK != 1 {
		p.t.Fatalf("the poll's result is %+v", summary)
	}
	return tenant + "/connectors/" + c.ID
}

func TestADamagedStoreGivesOneLineThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	_, gitHub := outsideGitHub(t, time.Now, 20)
	p := launch(t, data, gitHub).serves()
	p.saved()
	_ = p.command.Process.Signal(os.Interrupt)
	if status := p.ends(); status != 0 {
		t.Fatalf("the program ended with %d: %s", status, p.stderr.String())
	}
	path := filepath.Join(data, storeFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func() error{
		"cut to two pages": func() error { return os.WriteFile(path, whole[:8192], 0o600) }, //nolint:gosec // in the test's own folder
		"empty":            func() error { return os.WriteFile(path, nil, 0o600) },
		"random":           func() error { return os.WriteFile(path, bytes.Repeat([]byte("x5!\x00\xff"), 5000), 0o600) },
		"a directory":      func() error { return os.Mkdir(path, 0o700) },
	} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		p := launch(t, data, gitHub)
		if status := p.ends(); status != 1 || p.stdout.String() != "" {
			t.Errorf("%s: the program ended with %d and printed %q", name, status, p.stdout.String())
		}
		said := p.stderr.String()
		if strings.Count(said, "\n") != 1 || !strings.Contains(said, path) || !strings.Contains(said, "Move it away and start again") {
			t.Errorf("%s: the program said %q", name, said)
		}
	}
	tokens := func() int {
		entries, err := os.ReadDir(filepath.Join(data, tokensFolder))
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	if tokens() != 1 {
		t.Errorf("a refused start leaves %d tokens", tokens())
	}
	if err := os.RemoveAll(path); err != nil { // the error's text says so
		t.Fatal(err)
	}
	p = launch(t, data, gitHub).serves()
	if tokens() != 0 || !strings.Contains(p.stderr.String(), "tokens without a connector were removed") {
		t.Errorf("%d tokens are left after the store was removed: %s", tokens(), p.stderr.String())
	}
}

func TestARequestedPollSurvivesAKill(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	gitHub, setting := outsideGitHub(t, time.Now, 20)
	p := launch(t, data, setting).serves()
	connector := p.saved()
	poll(t, p.base, `{"time":"`+time.Now().AddDate(0, 0, 3).Format(time.RFC3339)+`"}`) // the poll before was for a later time
	reached, goOn := make(chan struct{}), make(chan struct{})
	once := sync.OnceFunc(func() { close(reached) })
	gitHub.Intercept(func(http.ResponseWriter, *http.Request) bool {
		once()
		<-goOn
		return false
	})
	if status, body := ask(t, http.MethodPost, p.base+connector+"/poll", ""); status != http.StatusAccepted {
		t.Fatalf("the request for a poll got %d %s", status, body)
	}
	<-reached // the poll is running
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.ends()
	close(goOn)
	gitHub.Intercept(nil)
	gitHub.ResetCalls()

	launch(t, data, setting).serves()
	eventually(t, func() bool {
		return slices.ContainsFunc(gitHub.Calls(), func(c githubsim.Call) bool { return strings.Contains(c.Path, "/orgs/well/copilot/") })
	})
}

func TestASignalDuringAPollEndsTheProgramQuietly(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			gitHub, setting := outsideGitHub(t, time.Now, 20)
			p := launch(t, filepath.Join(t.TempDir(), "data"), setting).serves()
			connector := p.saved()
			reached, goOn := make(chan struct{}), make(chan struct{})
			once := sync.OnceFunc(func() { close(reached) })
			gitHub.Intercept(func(http.ResponseWriter, *http.Request) bool {
				once()
				<-goOn
				return false
			})
			defer close(goOn)
			for _, path := range []string{"/local/schedules/poll", connector + "/poll", tenant + "/verify"} {
				body := ""
				if strings.HasSuffix(path, "verify") {
					body = wellForm
				}
				go func() {
					request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+path, strings.NewReader(body))
					if response, err := http.DefaultClient.Do(request); err == nil {
						_, _ = io.Copy(io.Discard, response.Body)
						_ = response.Body.Close()
					}
				}()
			}
			<-reached
			_ = p.command.Process.Signal(signal)
			if status := p.ends(); status != 0 {
				t.Errorf("the program ended with %d", status)
			}
			if log := p.stderr.String(); strings.Contains(log, "ERROR") || strings.Contains(log, "make run:") {
				t.Errorf("the program said\n%s", log)
			}
		})
	}
}
