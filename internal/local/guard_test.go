package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// send sends a request exactly as given. A client of net/http would correct it.
func send(t *testing.T, base, method, path string, headers ...string) (status int, contentType, body string) {
	t.Helper()
	address := strings.TrimPrefix(base, "http://")
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	hasHost := false
	for _, header := range headers {
		hasHost = hasHost || strings.HasPrefix(header, "Host:")
	}
	if !hasHost {
		headers = append(headers, "Host: "+address)
	}
	request := fmt.Sprintf("%s %s HTTP/1.1\r\n%s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", method, path, strings.Join(headers, "\r\n"))
	if _, err := io.WriteString(connection, request); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Content-Type"), string(content)
}

// mustRefuse checks that an answer is a problem with that status.
func mustRefuse(t *testing.T, want, status int, contentType, body string) {
	t.Helper()
	var problem struct {
		Status       int
		Code, Detail string
	}
	err := json.Unmarshal([]byte(body), &problem)
	if status != want || contentType != "application/problem+json" || err != nil || problem.Status != want || problem.Code == "" || problem.Detail == "" {
		t.Errorf("got %d %s %s, want a problem with %d", status, contentType, body, want)
	}
}

var everyRoute = []string{
	"GET /", "GET /healthz", "GET /local/mail", "POST /local/schedules/poll", "POST /local/schedules/remind", "GET /nothing",
	"POST " + tenant + "/verify", "GET " + tenant + "/connectors", "POST " + tenant + "/connectors", "DELETE " + tenant + "/connectors/aaaaaaaaaaaaaaaaaaaa",
}

func TestEveryRouteRefusesForeignHostsAndSites(t *testing.T) {
	program := start(t, simulated)
	_, port, _ := strings.Cut(strings.TrimPrefix(program.base, "http://"), ":")
	for _, headers := range [][]string{
		{"Host: evil.example"},
		{"Host: evil.example:" + port},
		{"Host: localhost.evil.example"},
		{"Host: 127.0.0.1.evil.example"},
		{"Host: 127.0.0.2"},
		{"Host: 192.168.1.1:" + port},
		{"Host: [::2]:" + port},
		{"Host: localhost."},
		{"Host: "},
		{"Origin: https://evil.example"},
		{"Origin: null"},
		{"Origin: http://localhost:1"},
		{"Sec-Fetch-Site: cross-site"},
		{"Sec-Fetch-Site: same-site"},
		{"Sec-Fetch-Site: cross-site", "Origin: " + program.base},
		{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"},
	} {
		for _, route := range everyRoute {
			t.Run(strings.Join(headers, " ")+" "+route, func(t *testing.T) {
				method, path, _ := strings.Cut(route, " ")
				status, contentType, body := send(t, program.base, method, path, headers...)
				mustRefuse(t, http.StatusForbidden, status, contentType, body)
			})
		}
	}
}

func TestOurOwnHostsAndPagesAreAnswered(t *testing.T) {
	program := start(t, simulated)
	_, port, _ := strings.Cut(strings.TrimPrefix(program.base, "http://"), ":")
	for _, headers := range [][]string{
		{"Host: localhost"},
		{"Host: LocalHost:" + port},
		{"Host: localhost:9"},
		{"Host: 127.0.0.1"},
		{"Host: 127.0.0.1:" + port},
		{"Host: [::1]"},
		{"Host: [::1]:" + port},
		{"Origin: " + program.base},
		{"Sec-Fetch-Site: same-origin", "Origin: " + program.base},
		{"Sec-Fetch-Site: none"},
	} {
		if status, _, body := send(t, program.base, http.MethodGet, "/healthz", headers...); status != http.StatusOK {
			t.Errorf("%v: got %d %s", headers, status, body)
		}
	}
	link := []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}
	if status, _, body := send(t, program.base, http.MethodGet, "/", link...); status == http.StatusForbidden {
		t.Errorf("a link to the start page: got %d %s", status, body)
	}
	if status, _, body := send(t, program.base, http.MethodGet, "/local/mail", link...); status != http.StatusForbidden {
		t.Errorf("a link into the API: got %d %s", status, body)
	}
}

func TestTheAddressInLISTENIsAccepted(t *testing.T) {
	program := start(t, simulated, "LISTEN=0.0.0.0:0")
	_, port, _ := strings.Cut(program.base, "]:")
	base := "http://127.0.0.2:" + port // another address of this machine
	if status, _, body := send(t, base, http.MethodGet, "/healthz"); status != http.StatusOK {
		t.Errorf("got %d %s, want 200", status, body)
	}
	status, contentType, body := send(t, base, http.MethodGet, "/healthz", "Host: 127.0.0.3:"+port)
	mustRefuse(t, http.StatusForbidden, status, contentType, body)
}

func TestAnUncleanPathIsRefused(t *testing.T) {
	program := start(t, simulated)
	for _, path := range []string{
		"//", "//healthz", "/healthz/../healthz", "/./healthz", "/v1//tenants/demo/connectors", tenant + "/connectors/../connectors",
		"/local//mail", "/local/schedules/poll//", "/..", "/v1/tenants/demo/connectors//",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			t.Run(method+" "+path, func(t *testing.T) {
				status, contentType, body := send(t, program.base, method, path)
				mustRefuse(t, http.StatusNotFound, status, contentType, body)
			})
		}
	}
}
