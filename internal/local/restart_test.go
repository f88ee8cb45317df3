//go:build !race

package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestARestartKeepsConnectorsAndDays(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	_, gitHub := outsideGitHub(t, clock(fixed), 120)
	settings := []string{gitHub, "DATA_DIR=" + data, "NOW=" + fixed.Format(time.RFC3339)}
	first := start(t, real, settings...)
	status, saved := ask(t, http.MethodPost, first.base+"/v1/tenants/demo/connectors", wellForm)
	if status != http.StatusCreated {
		t.Fatalf("Save got %d %s", status, saved)
	}
	if err := first.stop(); err != nil { // during the backfill
		t.Fatal(err)
	}

	second := start(t, real, settings...)
	summary := second.poll("")
	if summary.Connectors != 1 || summary.OK != 1 {
		t.Errorf("the poll's result is %+v", summary)
	}
	_, list := ask(t, http.MethodGet, second.base+"/v1/tenants/demo/connectors", "")
	id := strings.Split(string(list), `"`)[5]
	if !strings.Contains(string(saved), id) || !strings.Contains(string(list), `"status":"active"`) || !strings.Contains(string(list), `"firstDay":"2026-07-25"`) {
		t.Errorf("the saved connector is %s\nthe list is %s", saved, list)
	}
	usage := func(program *started) string {
		_, body := ask(t, http.MethodGet, program.base+"/v1/tenants/demo/connectors/"+id+"/usage?from=2026-07-25&to=2026-11-21", "")
		return string(body)
	}
	before := usage(second)
	if strings.Count(before, `"state":"final"`) < 100 {
		t.Errorf("the days are missing: %.500s", before)
	}
	checkPrivate(t, data, 2) // the store and a token
	if err := second.stop(); err != nil {
		t.Fatal(err)
	}
	if after := usage(start(t, real, settings...)); after != before {
		t.Errorf("the days were\n%.500s\nand are\n%.500s", before, after)
	}
}
