"""What measures a network: loss planes, Hessians, memory."""
