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
	"syscall"
	"testing"
	"time"
)

// patience ends a run that hangs, so that its log is seen.
const patience = 2 * time.Minute

// Build builds a function as a release is built, only for this machine, and returns the path of its bootstrap.
// The function is named as in template.yaml; the test must run in functions/<name>.
func Build(t *testing.T, logicalID string) string {
	t.Helper()
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "make", "-C", "../..", "build-"+logicalID, //nolint:gosec // the name is a test's own
		"ARTIFACTS_DIR="+dir, "TARGET_OS="+runtime.GOOS, "TARGET_ARCH="+runtime.GOARCH)
	build.Env = append(os.Environ(), "MAKEFLAGS=") // not the flags of the make that runs the tests
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", logicalID, err, out)
	}
	return filepath.Join(dir, "bootstrap")
}

// Function is one running instance of a function.
type Function struct {
	t       *testing.T
	api     runtimeAPI
	process *exec.Cmd
	exited  chan struct{} // closed when the process has ended and its log is complete
	log     bytes.Buffer  // only to be read once exited is closed
}

// Start starts an instance that sees no environment but Lambda's and env, and stops it when the test ends.
func Start(t *testing.T, bootstrap string, env ...string) *Function {
	t.Helper()
	f := &Function{t: t, api: newRuntimeAPI(), exited: make(chan struct{})}
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

// Invoke hands the instance an event and returns its answer. An error of the function fails the test.
func (f *Function) Invoke(event []byte) []byte {
	f.t.Helper()
	answer := f.invoke(event)
	if answer.failed {
		f.t.Fatalf("the function returned an error: %s", answer.payload)
	}
	return answer.payload
}

// InvokeToFail hands the instance an event and returns the error that it reports. An answer fails the test.
func (f *Function) InvokeToFail(event []byte) string {
	f.t.Helper()
	answer := f.invoke(event)
	if !answer.failed {
		f.t.Fatalf("the function answered: %s", answer.payload)
	}
	return string(answer.payload)
}

func (f *Function) invoke(event []byte) result {
	f.t.Helper()
	select {
	case f.api.events <- event:
	case <-f.exited:
		f.t.Fatalf("the function ended before it took an event:\n%s", f.log.String())
	}
	select {
	case answer := <-f.api.results:
		return answer
	case <-f.exited:
		f.t.Fatalf("the function ended over an event:\n%s", f.log.String())
	}
	return result{}
}

// Stop ends the instance as Lambda does and returns all it has logged.
func (f *Function) Stop() string {
	f.t.Helper()
	if err := f.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		f.t.Errorf("stopping the function: %v", err)
	}
	_, log := f.Wait()
	if ended, ok := f.process.ProcessState.Sys().(syscall.WaitStatus); ok && ended.Signal() == syscall.SIGKILL {
		f.t.Errorf("the function did not end when it was told to:\n%s", log)
	}
	return log
}

// Wait waits until the instance ends and returns its exit code and all it has logged.
func (f *Function) Wait() (exitCode int, log string) {
	<-f.exited
	return f.process.ProcessState.ExitCode(), f.log.String()
}
