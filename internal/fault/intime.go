package fault

import "context"

// InTime returns an error with the code OutOfTime if the context has ended. A computation that may take seconds asks it between its steps,
// such as days, because only reads and writes notice by themselves that the context has ended.
func InTime(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return &Error{Code: OutOfTime, Op: op, Err: err}
	}
	return nil
}
