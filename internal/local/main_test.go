package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// started is a running local program.
type started struct {
	printed []string // the lines of its greeting
	log     bytes.Buffer
	stop    func() error
}

func start(t *testing.T, lines int, settings ...string) *started {
	t.Helper()
	t.Setenv("LISTEN", "127.0.0.1:0")
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		t.Setenv(name, value)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &started{}
	stdout, print := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, print, &s.log)
		_ = print.Close()
	}()
	s.stop = func() error {
		cancel()
		return <-ended
	}
	t.Cleanup(cancel)
	scanner := bufio.NewScanner(stdout)
	for len(s.printed) < lines && scanner.Scan() {
		s.printed = append(s.printed, scanner.Text())
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	return s
}

var curl = regexp.MustCompile(`^\s*curl -s (\S+) -d '(.*)'$`)

func TestEveryPrintedLineCanBeTried(t *testing.T) {
	program := start(t, 55)
	tried := 0
	for _, line := range program.printed {
		command := curl.FindStringSubmatch(line)
		if command == nil {
			continue
		}
		tried++
		var result struct {
			OK     bool
			Checks []struct{ ID string }
		}
		status, body := ask(t, http.MethodPost, command[1], command[2])
		if err := json.Unmarshal(body, &result); err != nil || status != http.StatusOK || len(result.Checks) != 11 {
			t.Errorf("%s: %d %s", line, status, body)
		}
		if tried == 1 && !result.OK {
			t.Errorf("the first account is not healthy: %s", body)
		}
	}
	if tried != 18 {
		t.Errorf("%d lines were printed to try", tried)
	}
	if err := program.stop(); err != nil {
		t.Error(err)
	}
	if strings.Contains(program.log.String(), "ghp_") {
		t.Errorf("a token is in the log:\n%s", program.log.String())
	}
}

func TestAnotherGitHubCanBeAsked(t *testing.T) {
	program := start(t, 3, "GITHUB_API_URL=http://127.0.0.1:1", "NOW=2026-11-22T09:00:00Z")
	if got := strings.Join(program.printed, "\n"); !strings.Contains(got, "http://127.0.0.1:1") {
		t.Errorf("it does not say whom it asks: %s", got)
	}
	url := curl.FindStringSubmatch(program.printed[2])[1]
	status, body := ask(t, http.MethodPost, url, `{"token":"ghp_x","scope":"organization","slug":"octo"}`)
	if status != http.StatusOK || !strings.Contains(string(body), "connection refused") || !strings.Contains(string(body), `"verifiedAt":"2026-11-22T09:00:0`) {
		t.Errorf("got %d %s", status, body)
	}
}

func TestHealth(t *testing.T) {
	program := start(t, 4)
	url := curl.FindStringSubmatch(program.printed[3])[1]
	base, _, _ := strings.Cut(url, "/v1/")
	if status, body := ask(t, http.MethodGet, base+"/healthz", ""); status != http.StatusOK || string(body) != "ok\n" {
		t.Errorf("got %d %s", status, body)
	}
	if status, _ := ask(t, http.MethodPost, base+"/healthz", ""); status != http.StatusNotFound {
		t.Errorf("POST got %d", status)
	}
}

func TestSettingsThatCannotBeUsedAreNamed(t *testing.T) {
	occupied, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = occupied.Close() }()
	for setting, says := range map[string]string{
		"NOW=yesterday":                        "NOW must be an RFC 3339 instant",
		"LISTEN=8080":                          "LISTEN must be host:port",
		"LISTEN=" + occupied.Addr().String():   "LISTEN names another address",
		"GITHUB_API_URL=http://github.example": "GITHUB_API_URL must be https",
		"GITHUB_API_URL=api.github.com":        "GITHUB_API_URL must start with",
	} {
		t.Run(setting, func(t *testing.T) {
			t.Setenv("LISTEN", "127.0.0.1:0")
			name, value, _ := strings.Cut(setting, "=")
			t.Setenv(name, value)
			if err := run(t.Context(), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("got %v", err)
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
	return response.StatusCode, answer
}
