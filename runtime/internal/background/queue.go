package background

// queue is a linked list of tasks, first in, first out.
type queue struct {
	first, last *task
	len         int
}

func (q *queue) push(t *task) {
	if q.first == nil {
		q.first = t
	} else {
		q.last.next = t
	}
	q.last = t
	q.len++
}

func (q *queue) pop() *task {
	t := q.first
	if t != nil {
		q.first, t.next = t.next, nil
		q.len--
	}
	return t
}
