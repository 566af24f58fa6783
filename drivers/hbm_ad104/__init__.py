"""HBM AED / AD104 digital transducer electronics: measured values streamed on request."""
