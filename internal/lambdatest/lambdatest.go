// Package lambdatest builds a function, runs its bootstrap as a process, and plays AWS's Lambda Runtime API for it, for tests. It
// must not know what a function does: a test gives it events and gets answers and logs. Start reading at Build and Start.
package lambdatest

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	// patience is after how long a run that hangs is stopped, so that the test shows its log.
	patience = 2 * time.Minute

	// timeout is how long an event may take: the time limit of the slowest function in template.yaml.
	timeout = 5 * time.Minute

	// grace is the time between SIGTERM and SIGKILL. Lambda gives a function 500 ms; grace is longer for busy machines.
	grace = 2 * time.Second
)

// Function is one running instance of a function.
type Function struct {
	// Timeout is how long an event may take after the function has received it.
	Timeout time.Duration

	t       testing.TB
	api     *runtimeAPI
	events  int // how many were handed out
	process *exec.Cmd
	exited  chan struct{} // closed when the process has ended and its log is complete
	log     bytes.Buffer  // only to be read once exited is closed
}

// Answer is a function's answer to an event.
type Answer struct {
	RequestID string
	Payload   []byte
	Failed    bool // Payload is the error that the function reports
}

// Start starts an instance and stops it when the test ends. The instance's environment has only Lambda's variables and env.
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

// Send hands the instance an event and returns its answer or its error. The test fails if the event takes longer than Timeout.
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

// Begin hands the instance an event and does not wait for the answer.
func (f *Function) Begin(payload []byte) {
	f.t.Helper()
	f.events++
	select {
	case f.api.events <- event{requestID(f.events), payload, f.Timeout}:
	case <-f.exited:
		f.t.Fatalf("the function ended before it took an event:\n%s", f.log.String())
	}
}

// Answered reports whether the instance has answered the event of Begin.
func (f *Function) Answered() bool { return len(f.api.results) > 0 }

// Stop ends the instance as Lambda does and returns its whole log. The test fails if SIGTERM does not end the instance.
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

// Kill ends the instance as Lambda does after a time-out, and returns its whole log.
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

// Wait waits until the instance ends and returns its exit code and its whole log.
func (f *Function) Wait() (exitCode int, log string) {
	<-f.exited
	return f.process.ProcessState.ExitCode(), f.log.String()
}

// CPU returns the processor time of an instance that has ended.
func (f *Function) CPU() time.Duration {
	return f.process.ProcessState.UserTime() + f.process.ProcessState.SystemTime()
}
