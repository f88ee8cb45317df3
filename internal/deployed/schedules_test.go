package deployed_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type schedule struct {
	ScheduleExpression, ScheduleExpressionTimezone, State string
	FlexibleTimeWindow                                    struct{ Mode string }
	Target                                                struct {
		Arn, Input       string
		DeadLetterConfig struct{ Arn string }
		RetryPolicy      attempts
	}
}

type attempts struct{ MaximumRetryAttempts, MaximumEventAgeInSeconds int }

// lost is the queue for triggers that could not be delivered. An alarm watches it.
const lost = "${LostTriggers.Arn}"

func TestConnectorsArePolledAtSixAndPeopleRemindedAtSevenEachDay(t *testing.T) {
	got := map[string]string{}
	for id, schedule := range propertiesOf[schedule](t, declared(t, nil), "AWS::Scheduler::Schedule") {
		target := schedule.Target
		got[target.Arn] = schedule.ScheduleExpression + " " + schedule.ScheduleExpressionTimezone
		if schedule.State == "DISABLED" || schedule.FlexibleTimeWindow.Mode != "OFF" {
			t.Errorf("%s is disabled or has another time: %+v", id, schedule)
		}
		var event map[string]string
		if err := json.Unmarshal([]byte(target.Input), &event); err != nil || event["time"] != "<aws.scheduler.scheduled-time>" {
			t.Errorf("%s does not send its scheduled time, which decides the days to read: %s", id, target.Input)
		}
		if target.RetryPolicy != (attempts{10, 6 * 60 * 60}) || target.DeadLetterConfig.Arn != lost {
			t.Errorf("%s must be retried for six hours and then be kept, as docs/OPERATIONS.md says: %+v", id, target)
		}
	}
	want := map[string]string{"${PollFunction.Arn}": "cron(0 6 * * ? *) UTC", "${RemindFunction.Arn}": "cron(0 7 * * ? *) UTC"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schedules by function (-want +got):\n%s", diff)
	}
}

// TestAFailedScheduledRunIsRetriedAndNotLost looks at Lambda's own retries, because a schedule has done its work when
// Lambda has accepted the event.
func TestAFailedScheduledRunIsRetriedAndNotLost(t *testing.T) {
	stack := declared(t, nil)
	type invocations struct {
		attempts
		FunctionName, Qualifier string
		DestinationConfig       struct{ OnFailure struct{ Destination string } }
	}
	configured := map[string]bool{}
	for id, config := range propertiesOf[invocations](t, stack, "AWS::Lambda::EventInvokeConfig") {
		if config.attempts != (attempts{2, 6 * 60 * 60}) || config.DestinationConfig.OnFailure.Destination != lost || config.Qualifier != "$LATEST" {
			t.Errorf("%s: an event that failed three times or waited for six hours must be kept in %s: %+v", id, lost, config)
		}
		configured["${"+nameIn(config.FunctionName)+".Arn}"] = true
	}
	for id, schedule := range propertiesOf[schedule](t, stack, "AWS::Scheduler::Schedule") {
		if !configured[schedule.Target.Arn] {
			t.Errorf("%s calls %s, which does not keep failed events", id, schedule.Target.Arn)
		}
	}
}
