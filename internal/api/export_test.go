package api

// Waiting is how many requests wait for news.
func (s *Server) Waiting() int {
	s.waiters.mu.Lock()
	defer s.waiters.mu.Unlock()
	return s.waiters.all
}
