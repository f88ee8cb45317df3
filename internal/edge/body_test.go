package edge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

func TestABodyIsOneObjectOfKnownFieldsEachOnce(t *testing.T) {
	t.Parallel()
	type form struct {
		Token  *string  `json:"token"`
		Days   *int     `json:"idleAfterDays"`
		Emails []string `json:"notifyEmails"`
		Inner  struct {
			Amount *string `json:"amount"`
		} `json:"inner"`
	}
	for body, want := range map[string]string{
		`{}`: "", ` {"token":"x","idleAfterDays":3,"notifyEmails":["a"],"inner":{"amount":"1"}} `: "",

		`{"token":null}`: "token", `{"idleAfterDays":null}`: "idleAfterDays", `{"notifyEmails":null}`: "notifyEmails", `{"notifyEmails":["a",null]}`: "notifyEmails",
		`{"inner":null}`: "inner", `{"inner":{"amount":null}}`: "inner.amount",

		``: "body", `null`: "body", `[]`: "body", `"x"`: "body", `1`: "body", `{`: "body", `{"token":"x"}{}`: "body", `{"token":"x"},`: "body", "{\"token\":\"\xff\"}": "body",
		`{"token":1}`: "token", `{"idleAfterDays":1.5}`: "idleAfterDays", `{"idleAfterDays":"3"}`: "idleAfterDays", `{"idleAfterDays":1e400}`: "idleAfterDays",
		`{"notifyEmails":"a"}`: "notifyEmails", `{"notifyEmails":[1]}`: "notifyEmails", `{"inner":{"amount":1}}`: "inner.amount",
		`{"Token":"x"}`: "Token", `{"TOKEN":"x","token":"x"}`: "TOKEN", "{\"to\u212aen\":\"x\"}": "body", `{"idleafterdays":3}`: "idleafterdays", `{"idle_after_days":3}`: "body",
		`{"token":"x","token":"y"}`: "token", `{"token":"x","token":"x"}`: "token", `{"inner":{"amount":"1","amount":"2"}}`: "inner.amount", `{"inner":{"Amount":"1"}}`: "inner.Amount",
		`{"ghp_secret":1}`: "body", `{"":1}`: "body", `{"tok\u0065n":"x","token":"y"}`: "token",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		p := edge.ReadJSON(httptest.NewRecorder(), r, &form{})
		switch {
		case p == nil && want != "":
			t.Errorf("%q is accepted", body)
		case p != nil && (len(p.Errors) != 1 || p.Errors[0].Field != want || p.Status != http.StatusBadRequest || strings.Contains(p.Detail, "secret")):
			t.Errorf("%q is refused with %+v", body, p)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"token":"`+strings.Repeat("a", 16<<10)+`"}`))
	if p := edge.ReadJSON(httptest.NewRecorder(), r, &form{}); p == nil || p.Status != http.StatusRequestEntityTooLarge || p.Code != "too_large" {
		t.Errorf("a large body gets %+v", p)
	}
}
