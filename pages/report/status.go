package report

// statuses are the answers that are not what was asked for (api.md, 5).
var statuses = map[int]struct{ title, sentence string }{
	400: {"Bad request", "The request is not one that this server understands."},
	401: {"Sign in first", "This is shown only to those who have signed in."},
	403: {"Not allowed", "This request is not allowed here."},
	404: {"Not found", "There is nothing at this address."},
	405: {"Method not allowed", "This address does not answer to that method."},
	406: {"Not acceptable", "This is not to be had in the form that was asked for."},
	408: {"Request timed out", "The request took too long to arrive."},
	409: {"Conflict", "The request does not fit what is there now."},
	410: {"Gone", "What was at this address is not there any more."},
	412: {"Precondition failed", "What is there now is not what the request expected."},
	413: {"Too large", "The request is larger than this address takes."},
	414: {"Address too long", "The address is longer than this server takes."},
	415: {"Unsupported form", "The request is in a form that this address does not take."},
	416: {"Range not satisfiable", "The part that was asked for is not in the file."},
	421: {"Misdirected request", "This server does not answer for that host."},
	422: {"Unprocessable content", "The request was understood, but what it says cannot be done."},
	429: {"Too many requests", "There were too many requests in a short time; try again in a moment."},
	431: {"Headers too large", "The headers of the request are larger than this server takes."},
	500: {"Fault in the page", "The code that answers this address has a fault."},
	501: {"Not implemented", "This server cannot do what was asked for."},
	502: {"Worker died", "The worker process died while it ran this request."},
	503: {"Not available", "No worker can take this request now; try again in a moment."},
	504: {"Given up", "The request took too long and was given up."},
}

// Title is a status in a few words.
func Title(status int) string {
	if s, ok := statuses[status]; ok {
		return s.title
	}
	if status < 500 {
		return "Request refused"
	}
	return "No answer"
}

// Sentence is the one sentence that an error page says for a status if nothing more is known.
func Sentence(status int) string {
	if s, ok := statuses[status]; ok {
		return s.sentence
	}
	if status < 500 {
		return "The request was refused."
	}
	return "The server could not answer the request."
}
