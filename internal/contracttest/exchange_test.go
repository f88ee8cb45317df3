package contracttest_test

import (
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/contracttest"
)

func TestAnythingThatTheContractDoesNotNameIsAFault(t *testing.T) {
	t.Parallel()
	contract, err := contracttest.Open("testdata/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	read := func(change func(*contracttest.Exchange)) contracttest.Exchange {
		e := contracttest.Exchange{
			Method: "GET", URL: "/things/a?size=3", Status: 200, Answer: []byte(`{"name":null,"size":2}` + "\n"),
			Header: http.Header{"Content-Type": {"application/json"}, "Age": {"7"}},
		}
		change(&e)
		return e
	}
	answer := func(body string) contracttest.Exchange {
		return read(func(e *contracttest.Exchange) { e.Answer = []byte(body) })
	}
	url := func(url string) contracttest.Exchange { return read(func(e *contracttest.Exchange) { e.URL = url }) }
	header := func(name, value string) contracttest.Exchange {
		return read(func(e *contracttest.Exchange) {
			if e.Header.Set(name, value); value == "" {
				e.Header.Del(name)
			}
		})
	}
	put := func(contentType, body, answer string) contracttest.Exchange {
		return contracttest.Exchange{Method: "PUT", URL: "/things/a", ContentType: contentType, Body: []byte(body), Status: 204, Answer: []byte(answer)}
	}
	nothing := func(status int, body string) contracttest.Exchange {
		return contracttest.Exchange{Method: "GET", URL: "/other", Status: status, Answer: []byte(body), Header: http.Header{"Content-Type": {"application/problem+json"}}}
	}
	for name, tc := range map[string]struct {
		exchange contracttest.Exchange
		ok       bool
	}{
		"as promised":                 {answer(`{"name":"a","size":2,"weight":1.5,"made":"2026-11-22T06:00:00Z"}`), true},
		"null where it may be":        {answer(`{"name":null,"size":2,"made":null}`), true},
		"null where it may not be":    {answer(`{"name":"a","size":null}`), false},
		"a field of another type":     {answer(`{"name":1,"size":2}`), false},
		"a field that is missing":     {answer(`{"name":"a"}`), false},
		"a field too many":            {answer(`{"name":"a","size":2,"more":0}`), false},
		"a field twice":               {answer(`{"name":"a","size":2,"size":2}`), false},
		"two values":                  {answer(`{"name":"a","size":2}{}`), false},
		"not JSON":                    {answer(`{`), false},
		"a number beyond its format":  {answer(`{"name":"a","size":2147483648}`), false},
		"a whole number with a point": {answer(`{"name":"a","size":2.0}`), false},
		"a number beyond a double":    {answer(`{"name":"a","size":2,"weight":1e999}`), false},
		"an invalid time":             {answer(`{"name":"a","size":2,"made":"2026-11-22"}`), false},

		"another type of content":   {header("Content-Type", "text/plain"), false},
		"a type with a parameter":   {header("Content-Type", "application/json; charset=utf-8"), true},
		"text is accepted as it is": {header("Content-Type", "text/csv"), true},
		"no type of content":        {header("Content-Type", ""), false},
		"a header that is missing":  {header("Age", ""), false},
		"a header of another type":  {header("Age", "old"), false},
		"an unknown status":         {read(func(e *contracttest.Exchange) { e.Status = 201 }), false},

		"a parameter that is missing":          {url("/things/a"), false},
		"an unknown parameter":                 {url("/things/a?size=3&colour=red"), false},
		"a parameter twice":                    {url("/things/a?size=3&size=3"), false},
		"a parameter of another type":          {url("/things/a?size=big"), false},
		"a parameter that is too large":        {url("/things/a?size=11"), false},
		"a path that the pattern refuses":      {url("/things/A?size=3"), false},
		"a query that is not escaped":          {url("/things/a?size=%zz"), false},
		"a method that the path does not have": {read(func(e *contracttest.Exchange) { e.Method = "POST" }), true},
		"a body where there is none":           {put("application/json", `{"name":"a","size":2}`, `{}`), false},
		"a request as allowed":                 {put("application/json", `{"name":"a","size":2}`, ""), true},
		"a request without its body":           {put("application/json", "", ""), false},
		"a request of another type":            {put("text/csv", `{"name":"a","size":2}`, ""), false},
		"a request with a field too many":      {put("application/json", `{"name":"a","size":2,"more":0}`, ""), false},
		"a body where the call has none":       {read(func(e *contracttest.Exchange) { e.Body = []byte(`{}`) }), false},
		"an unknown path":                      {nothing(404, `{"code":"not_found"}`), true},
		"an unknown path with another problem": {nothing(404, `{}`), false},
		"an unknown path that is answered":     {nothing(200, `{"code":"not_found"}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := contract.Hold(tc.exchange); (err == nil) != tc.ok {
				t.Errorf("got %v, want promised %v", err, tc.ok)
			}
		})
	}
}
