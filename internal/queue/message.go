package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

const (
	// maxMessage is larger in bytes than a task with all its days.
	maxMessage = 16 << 10

	// maxDays is more than the days for which GitHub has reports.
	maxDays = 1000

	// maxAttempt is far more attempts than any caller makes.
	maxAttempt = 100

	// lastDate is 9999-12-31, the last date with four digits for the year.
	lastDate calendar.Date = 2932896
)

// Decode reads the body of a message. It returns a fault.Internal error if the body is not exactly a valid task. The error
// repeats nothing of the body.
func Decode(body string) (connector.Task, error) {
	task, err := decode(body)
	if err == nil {
		err = Check(task)
	}
	if err != nil {
		return connector.Task{}, NotATask("read a task", err)
	}
	task.ScheduledFor = task.ScheduledFor.UTC()
	return task, nil
}

func decode(body string) (connector.Task, error) {
	var task connector.Task
	if len(body) > maxMessage {
		return task, fmt.Errorf("more than %d bytes", maxMessage)
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&task) != nil {
		return task, errors.New("not the JSON of a task")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return task, errors.New("something follows the task")
	}
	return task, nil
}

// Encode returns a body that Decode reads.
func Encode(task connector.Task) (string, error) {
	if err := Check(task); err != nil {
		return "", NotATask("send a task", err)
	}
	task.ScheduledFor = task.ScheduledFor.UTC()
	body, err := json.Marshal(task)
	if err != nil {
		return "", NotATask("send a task", err)
	}
	return string(body), nil
}

// Check returns why a task is invalid, or nil if it is valid.
func Check(task connector.Task) error {
	if _, err := connector.ParseTenant(task.Tenant); err != nil {
		return fmt.Errorf("tenant: %w", err)
	}
	if _, err := connector.ParseID(task.Connector); err != nil {
		return fmt.Errorf("connector: %w", err)
	}
	switch task.Reason {
	case connector.ReasonDaily, connector.ReasonSaved, connector.ReasonOlder, connector.ReasonAsked, connector.ReasonResume, connector.ReasonForget, connector.ReasonDeleted:
	default:
		return errors.New("reason: none we know")
	}
	switch year := task.ScheduledFor.UTC().Year(); {
	case year < 1970 || year > 9999:
		return errors.New("scheduledFor: missing, or not a time that can be")
	case task.Attempt < 0 || task.Attempt > maxAttempt:
		return fmt.Errorf("attempt: not from 0 to %d", maxAttempt)
	case len(task.Days) > maxDays:
		return fmt.Errorf("days: more than %d", maxDays)
	case slices.ContainsFunc(task.Days, func(d calendar.Date) bool { return d <= 0 || d > lastDate }):
		return errors.New("days: not a date that can be")
	}
	return nil
}

// NotATask returns the error of an invalid task.
func NotATask(op string, why error) error {
	return &fault.Error{Code: fault.Internal, Op: op, Err: why}
}
