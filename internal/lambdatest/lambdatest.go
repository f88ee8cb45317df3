// Package lambdatest runs the built bootstrap of a function under a Lambda Runtime API of its own.
package lambdatest

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	// patience ends a run that hangs, so that its log is seen.
	patience = 2 * time.Minute

	// timeout is what an event may take: that of the slowest function in template.yaml.
	timeout = 5 * time.Minute

	// grace is what a function has between SIGTERM and SIGKILL. Lambda leaves it 500 ms; a busy machine gets some more.
	grace = 2 * time.Second
)

// Build builds a function as a release is built, only for this machine, and returns the path of its bootstrap.
// The function is named as in template.yaml; the test must run two folders below the root.
func Build(t testing.TB, logicalID string) string {
	t.Helper()
	return build(t, logicalID, "TARGET_OS="+runtime.GOOS, "TARGET_ARCH="+runtime.GOARCH)
}

// BuildRelease builds the very bytes of a release.
func BuildRelease(t testing.TB, logicalID string) string {
	t.Helper()
	return build(t, logicalID)
}

// releases are the bootstraps that this process has built, by the words that make took: each is built once.
var releases struct {
	mu    sync.Mutex
	built map[string][]byte
}

func build(t testing.TB, logicalID string, target ...string) string {
	t.Helper()
	dependOnSources(t)
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	words := append([]string{"-C", "../..", "build-" + logicalID}, target...)
	releases.mu.Lock()
	defer releases.mu.Unlock()
	if release, ok := releases.built[strings.Join(words, " ")]; ok {
		syscall.ForkLock.RLock()                       // a process that is started meanwhile would hold the file open, and it could not be run
		err := os.WriteFile(bootstrap, release, 0o700) //nolint:gosec // it is a program
		syscall.ForkLock.RUnlock()
		if err != nil {
			t.Fatal(err)
		}
		return bootstrap
	}
	build := exec.CommandContext(t.Context(), "make", append(words, "ARTIFACTS_DIR="+filepath.Dir(bootstrap))...) //nolint:gosec // the words are a test's own
	build.Env = append(os.Environ(), "MAKEFLAGS=")                                                                // not the flags of the make that runs the tests
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", logicalID, err, out)
	}
	release, err := os.ReadFile(bootstrap) //nolint:gosec // what was built above
	if err != nil {
		t.Fatal(err)
	}
	if releases.built == nil {
		releases.built = map[string][]byte{}
	}
	releases.built[strings.Join(words, " ")] = release
	return bootstrap
}

// Function is one running instance of a function.
type Function struct {
	// Timeout is what an event may take from when it is handed out.
	Timeout time.Duration

	t       testing.TB
	api     *runtimeAPI
	events  int // handed out
	process *exec.Cmd
	exited  chan struct{} // closed when the process has ended and its log is complete
	log     bytes.Buffer  // only to be read once exited is closed
}

// Answer is what a function makes of an event.
type Answer struct {
	RequestID string
	Payload   []byte
	Failed    bool // Payload is the error that the function reports
}

// Start starts an instance that sees no environment but Lambda's and env, and stops it when the test ends.
func Start(t testing.TB, bootstrap string, env ...string) *Function {
	t.Helper()
	f := &Function{Timeout: timeout, t: t, api: newRuntimeAPI(), exited: make(chan struct{})}
	server := httptest.NewServer(f.api.handler())
	ctx, cancel := context.WithTimeout(context.Background(), patience)

	f.process = exec.CommandContext(ctx, bootstrap)
	f.process.Stdout, f.process.Stderr = &f.log, &f.log
	f.process.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(server.URL, "http://"),
		"AWS_LAMBDA_FUNCTION_NAME=under-test",
		"AWS_LAMBDA_LOG_FORMAT=JSON",
	}, env...)
	if err := f.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(f.exited)
		_ = f.process.Wait() // how it ended is in ProcessState
	}()
	t.Cleanup(func() {
		f.Stop()
		cancel()
		server.CloseClientConnections()
		server.Close()
	})
	return f
}

// Ready waits until the instance asks for its first event.
func (f *Function) Ready() {
	f.t.Helper()
	select {
	case <-f.api.ready:
	case <-f.exited:
		f.t.Fatalf("the function ended before it was ready:\n%s", f.log.String())
	}
}

// Invoke hands the instance an event and returns its answer. An error of the function fails the test.
func (f *Function) Invoke(event []byte) []byte {
	f.t.Helper()
	answer := f.Send(event)
	if answer.Failed {
		f.t.Fatalf("the function returned an error: %s", answer.Payload)
	}
	return answer.Payload
}

// InvokeToFail hands the instance an event and returns the error that it reports. An answer fails the test.
func (f *Function) InvokeToFail(event []byte) string {
	f.t.Helper()
	answer := f.Send(event)
	if !answer.Failed {
		f.t.Fatalf("the function answered: %s", answer.Payload)
	}
	return string(answer.Payload)
}

// Send hands the instance an event and returns what it makes of it. One that takes longer than it may fails the test.
func (f *Function) Send(event []byte) Answer {
	f.t.Helper()
	f.Begin(event)
	late := time.NewTimer(f.Timeout)
	defer late.Stop()
	select {
	case answer := <-f.api.results:
		return answer
	case <-f.exited:
		f.t.Fatalf("the function ended over an event:\n%s", f.log.String())
	case <-late.C:
		f.t.Fatalf("the function did not answer within %v; it logged\n%s", f.Timeout, f.Kill())
	}
	return Answer{}
}

// Begin hands the instance an event and leaves it at work.
func (f *Function) Begin(payload []byte) {
	f.t.Helper()
	f.events++
	select {
	case f.api.events <- event{requestID(f.events), payload, f.Timeout}:
	case <-f.exited:
		f.t.Fatalf("the function ended before it took an event:\n%s", f.log.String())
	}
}

// Answered tells whether the instance has answered the event that it was left at work with.
func (f *Function) Answered() bool { return len(f.api.results) > 0 }

// Stop ends the instance as Lambda does and returns all it has logged. Not to end by SIGTERM fails the test.
func (f *Function) Stop() string {
	f.t.Helper()
	f.signal(syscall.SIGTERM)
	select {
	case <-f.exited:
	case <-time.After(grace):
		f.t.Errorf("the function did not end when it was told to:\n%s", f.Kill())
	}
	return f.log.String()
}

// Kill ends the instance as Lambda does after a time-out, and returns all it has logged.
func (f *Function) Kill() string {
	f.t.Helper()
	f.signal(syscall.SIGKILL)
	_, log := f.Wait()
	return log
}

func (f *Function) signal(signal os.Signal) {
	f.t.Helper()
	if err := f.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		f.t.Errorf("ending the function: %v", err)
	}
}

// Wait waits until the instance ends and returns its exit code and all it has logged.
func (f *Function) Wait() (exitCode int, log string) {
	<-f.exited
	return f.process.ProcessState.ExitCode(), f.log.String()
}

// CPU returns the processor time of an instance that has ended.
func (f *Function) CPU() time.Duration {
	return f.process.ProcessState.UserTime() + f.process.ProcessState.SystemTime()
}
