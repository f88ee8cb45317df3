package collect_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
)

// childVariable holds the URL of a simulated GitHub. With it, the test binary only collects one day and exits, so its processor
// time and memory are those of collecting.
const childVariable = "COLLECT_ONE_DAY_FROM"

func TestMain(m *testing.M) {
	if url := os.Getenv(childVariable); url != "" {
		if err := collectOneDay(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const largeDay = "2026-11-18"

func collectOneDay(url string) error {
	ctx, before := context.Background(), kib("VmRSS")
	now := func() time.Time { return begins }
	dir, err := os.MkdirTemp("", "collect")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	table, err := bolt.OpenVolatile(filepath.Join(dir, "store.db"), now)
	if err != nil {
		return err
	}
	tokens, err := files.Open(filepath.Join(dir, "tokens"))
	if err != nil {
		return err
	}
	service, err := github.NewService(url, now)
	if err != nil {
		return err
	}
	stored := &store.Store{Table: table, Now: now}
	c := &connector.Connector{
		Ref:      connector.Ref{Tenant: "acme", ID: connector.NewID()},
		Provider: connector.GitHubCopilot,
		Account:  copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: slug},
		Phase:    connector.Live, CreatedAt: begins,
	}
	if _, err := stored.Create(ctx, c); err != nil {
		return err
	}
	if err := tokens.Put(ctx, c.Tenant, c.ID, credential.NewToken(secret)); err != nil {
		return err
	}
	date, err := calendar.ParseDate(largeDay)
	if err != nil {
		return err
	}
	parts := assembly.Parts{GitHub: service, Store: stored, Vault: tokens, Post: &testworld.Post{}, Now: now, Log: slog.New(slog.DiscardHandler)}
	err = parts.Collector().Run(ctx, connector.Task{
		Tenant: c.Tenant, Connector: c.ID, ScheduledFor: begins, Reason: connector.ReasonResume, Days: []calendar.Date{date},
	})
	if err != nil {
		return err
	}
	day, err := stored.Day(ctx, c.Ref, date)
	if err != nil {
		return err
	}
	if day == nil || day.Users == nil {
		read, err := stored.Connector(ctx, c.Ref)
		return errors.Join(fmt.Errorf("the day is %+v, the connector %+v", day, read), err)
	}
	_, err = fmt.Println(day.Users.People, "people", kib("VmHWM"), kib("VmHWM")-before)
	return err
}

// kib reads a figure of this process in KiB: its memory now (VmRSS) or its greatest memory so far (VmHWM). It returns 0 where the
// system has no such figure. The figure that wait(2) gives for a child includes memory of the parent, so the child reads its own.
func kib(what string) (n int) {
	status, _ := os.ReadFile("/proc/self/status")
	if _, after, told := strings.Cut(string(status), what+":"); told {
		_, _ = fmt.Sscan(after, &n)
	}
	return n
}

// largeReport writes a per-user report in GitHub's shape with so many rows of that average length, and returns its size in bytes.
func largeReport(b *testing.B, path string, rows, length int) (bytes int64) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	out := &choice{to: bufio.NewWriterSize(file, 1<<20), left: rows, length: length}
	account := githubsim.Account{Kind: githubsim.Organization, Slug: slug, Plan: githubsim.PlanBusiness, Seats: 8 * rows}
	if err := githubsim.WriteUsers(out, account, largeDay, 0); err != nil {
		b.Fatal(err)
	}
	if err := out.to.Flush(); err != nil || out.left > 0 {
		b.Fatalf("%d rows are missing, %v", out.left, err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return out.bytes
}

// choice passes on some of the lines written to it. It drops short lines to keep the average length near the wanted one.
type choice struct {
	to           *bufio.Writer
	left, length int
	rows, bytes  int64
	cut          []byte // a line that has no end yet
}

func (c *choice) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		if c.cut = append(c.cut, line...); line[len(line)-1] != '\n' {
			break
		}
		if whole := c.bytes + int64(len(c.cut)); c.left > 0 && whole >= (c.rows+1)*int64(c.length) || c.rows == 0 {
			if _, err := c.to.Write(c.cut); err != nil {
				return 0, err
			}
			c.bytes, c.rows, c.left = whole, c.rows+1, c.left-1
		}
		c.cut = c.cut[:0]
	}
	return len(p), nil
}

// BenchmarkLargeReport reads a per-user report of 100,000 people over HTTP into the embedded store, in a process of its own, with the
// garbage collection that template.yaml sets. It compares the processor time with that of json.Valid over the same bytes in memory.
func BenchmarkLargeReport(b *testing.B) {
	const people, rowLength = 100_000, 4_050
	path := filepath.Join(b.TempDir(), "users.json")
	size := largeReport(b, path, people, rowLength)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		link := func(name string) {
			_ = json.NewEncoder(w).Encode(map[string]any{"report_day": largeDay, "download_links": []string{"http://" + r.Host + "/" + name}})
		}
		switch {
		case r.URL.Path == "/user":
			_, _ = w.Write([]byte(`{"login":"octo-owner"}`))
		case strings.HasSuffix(r.URL.Path, "/organization-1-day"):
			link("aggregate")
		case strings.HasSuffix(r.URL.Path, "/users-1-day"):
			link("users")
		case r.URL.Path == "/aggregate":
			_, _ = fmt.Fprintf(w, `{"day":%q,"daily_active_users":%d,"totals_by_feature":[]}`, largeDay, people)
		case r.URL.Path == "/users":
			http.ServeFile(w, r, path)
		}
	}))
	defer server.Close()

	var settings struct {
		Environment struct{ Variables map[string]any }
	}
	if err := json.Unmarshal(lambdatest.ReadTemplate(b).Resources["CollectFunction"].Properties, &settings); err != nil {
		b.Fatal(err)
	}
	var collected, valid time.Duration
	peak, grown, rounds := 0, 0, 0
	for b.Loop() {
		rounds++
		child := exec.CommandContext(b.Context(), os.Args[0]) //nolint:gosec // this program itself
		child.Env = append(os.Environ(), childVariable+"="+server.URL, fmt.Sprint("GOGC=", settings.Environment.Variables["GOGC"]))
		child.Stderr = os.Stderr
		out, err := child.Output()
		var found, most, more int
		if _, scanErr := fmt.Sscanf(string(out), "%d people %d %d\n", &found, &most, &more); errors.Join(err, scanErr) != nil || found != people {
			b.Fatalf("collecting: %v, %s", err, out)
		}
		collected += child.ProcessState.UserTime() + child.ProcessState.SystemTime()
		peak, grown = max(peak, most), max(grown, more)
		valid += timeOfValid(b, path)
	}
	testworld.ReportBeside(b, "json.Valid", collected, valid, rounds)
	b.ReportMetric(float64(peak)/1024, "MiB-peak")
	b.ReportMetric(float64(grown)/1024, "MiB-grown") // without the memory that the test binary has at its start
	b.ReportMetric(float64(size)/1e6, "MB")
}

// timeOfValid returns the processor time of json.Valid over all lines. It reads the file in blocks; reading is not counted.
func timeOfValid(b *testing.B, path string) (spent time.Duration) {
	b.Helper()
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewReaderSize(file, 1<<20)
	var block [][]byte
	for held := 0; ; {
		line, err := lines.ReadBytes('\n')
		block, held = append(block, line), held+len(line)
		if held > 32<<20 || err != nil {
			runtime.GC()
			began := testworld.CPU(b)
			for _, line := range block {
				if len(line) > 0 && !json.Valid(line) {
					b.Fatal("the report is not valid")
				}
			}
			spent += testworld.CPU(b) - began
			block, held = block[:0], 0
		}
		if err != nil {
			return spent
		}
	}
}
