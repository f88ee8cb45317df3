package github_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

const row = `{"user_id":1,"day":"2026-11-20"}` + "\n"

func gzipped(plain string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(plain))
	_ = w.Close()
	return out.String()
}

// cut sends the beginning of a body and closes the connection.
func cut(body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		respond(http.StatusOK, body, headers...)(w, r)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

func TestAReportWithAnIncompletePartIsBroken(t *testing.T) {
	rows := strings.Repeat(row, 1000)
	whole := gzipped(rows)
	for name, handler := range map[string]http.HandlerFunc{
		"cut at its length":       cut(row, "Content-Length", "1000"),
		"cut between chunks":      cut(row),
		"gzip cut":                cut(whole[:len(whole)/2], "Content-Encoding", "gzip"),
		"gzip cut, length right":  respond(200, whole[:len(whole)/2], "Content-Encoding", "gzip"),
		"gzip without its sum":    respond(200, whole[:len(whole)-4], "Content-Encoding", "gzip"),
		"gzip of something else":  respond(200, whole[:len(whole)-8]+"\x00\x00\x00\x00\x00\x00\x00\x00", "Content-Encoding", "gzip"),
		"gzip that is none":       respond(200, row, "Content-Encoding", "gzip"),
		"202":                     respond(202, row),
		"204":                     respond(204, ""),
		"redirect to nowhere":     respond(302, ""),
		"partial":                 respond(206, row),
		"HTML instead of rows":    respond(200, "<!DOCTYPE html><title>Sign in</title>", "Content-Type", "text/html"),
		"deflate instead of rows": respond(200, "x\x9c\xab\xae\x05", "Content-Encoding", "deflate"),
	} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, reporting(t, respond(200, row), handler).URL)
			reader := metrics.NewUsersReader(day, metrics.Owner{}, func(*metrics.UserDay) error { return nil })
			want := fault.ReportBroken
			if strings.Contains(name, "cut") || strings.Contains(name, "without") {
				want = fault.ReportCut
			}
			check(t, read(t.Context(), client, org, reports.PerUser, reader.ReadPart), want)
		})
	}
}

func TestALinkThatFailsAgainAndAgainIsAnError(t *testing.T) {
	gh := reporting(t, respond(503, ""))
	_, err := report(t.Context(), connect(t, gh.URL), org, reports.PerUser)
	check(t, err, fault.ReportHost)
	gh = reporting(t, inTurn(hangUp, respond(500, ""), respond(200, row)))
	_, err = report(t.Context(), connect(t, gh.URL), org, reports.PerUser)
	check(t, err, "")
}
