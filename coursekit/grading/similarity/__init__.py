"""Hand-ins beside each other: what two have in common that hardly anybody else has."""
