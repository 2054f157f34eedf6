// What the menus of the convolution explorer offer.

const NINE = matrixOf(
  "-1 1 1 1 -1 / -1 1 -1 1 -1 / -1 1 1 1 -1 / -1 -1 -1 1 -1 / -1 -1 -1 1 -1 / -1 -1 1 -1 -1 / -1 1 -1 -1 -1");
const MOVED = matrixOf(
  "1 1 1 -1 -1 / 1 -1 1 -1 -1 / 1 1 1 -1 -1 / -1 -1 1 -1 -1 / -1 -1 1 -1 -1 / -1 1 -1 -1 -1 / 1 -1 -1 -1 -1");
const FIVE = matrixOf("3 5 2 8 1 / 9 7 5 4 3 / 2 0 6 1 6 / 6 3 7 9 2 / 1 4 9 5 1");
const EDGE = Array.from({ length: 6 }, () => [0, 0, 0, 10, 10, 10]);
const DOT = Array.from({ length: 7 }, (_, i) => Array.from({ length: 7 }, (_, j) => (i === 3 && j === 3 ? 9 : 0)));

// The grey levels of a Chinese temple, photographed by danielbuechele (CC BY 2.0), made grey and small.
const TEMPLE = [
  "0NLS09PT1NTU1dXW1tbX2ctHO3fS29ra29zb3d3e3uDg4OHi4uLi4uTk5eXm5+fo6Ono6erq6+vr7O3t7+/v79HS0tLT09TU1dXV",
  "1dbX19jNfKS+3Nna29vc3N3d3t7f4ODh4eLi4+Tk5OXl5ufm6Ofo6Onq6uvr6+zt7e7v7+/R0tLT09PU1dXU1dbX19fYiVyUsdXZ",
  "29vb3Nzd3d3e3uDg4eLi4+Pj5OTl5ebm5ufn6Onp6urq6+zt7u7v7/Dw0tPT09PU1NTU1dbW1tjZ0Uk0UV2X29vb29zc3d3e39/g",
  "4OHi4uPj5OTl5eXm5+fo5+jp6urq6+zt7u7u7+/w8NLT09PT1NXU1dbW19fY2slIS2xnqNzb29vc3N3d3t/g4OHh4uLi4+Tk5OXm",
  "5ubn6Ojo6erq6+zs7O7t7+/v7+/T1NTU1NXW1dbW19fX2dOAKm1mMV+g3dzb3N3d3d7f4ODh4eLi4uPj5OTl5Obm5+jo6erp6uvs",
  "7O3u7e/v7/Dv1NTU1dXW1tbX19fX2s2PeUyPfVk1T5fc39zd3d7f4ODg4eHi4uPj4+Tk5eXm5ufo6enq6uvs7O3t7e7u7u/v8NTV",
  "1dXW1tbW19fY28SNiYVmmXZ8WzlYgdHi3t7f4ODg4OHh4uLi4+Pk5OTl5ufn6Onq6uvr6+3t7u7u7+7v7+/U1dbW19bX19ja0aiD",
  "lrSFj454eXhWN0hsuuLg3+Dg4OHh4eHh4uLj5OTl5ebn5+np6urr6+zs7e3u7u/v7+/v1dbW1tfX2NrTtYiHpLamkqeBfHl6eWE5",
  "QFeR1OTj4eHh4eHi4uPj5OTk5ebm5+fo6erq6+rr7Ozt7e7u7+/v8NTW1dbZ2tCyioyfs7Wgg6qOfXx7e3l8bEQ2SGiss9bk4uLi",
  "4uLi4+Tk5OXm5ufo6Onq6urr6+zs7e3t7u7v7+/Wt6LOvqCJg52xt7mseZOQeX97enl7en53XT8/SDuM2t3g4uPi4uPk5OXl5ubn",
  "5+jp6erq6+vs7Ozt7e3u7u7vyqh/h36TqLq8ub24cXKMg32Bfn17e3x/f3x3X0A2RmBuverU3+Pk5OXl5ebn5+fo6enq6uvr6+zs",
  "7e3t7u/v74qVkqa3v7+7urScUhs2P19pbXFwdHV1dXh1dXZpXk8+N2WKdJLo5ubm5ebm5+fo6Onp6urq6+zs7ezu7u7v7/CYqq6n",
  "m4yAbVpHJhUVIhcbKjM8QEVHSlBVU1FWUEZAOzBHcVh/s8XU2ubm5ufn6Ojp6err6+zr7O3t7e3u7u/vNTYxKB4VEg4MChAPGRkZ",
  "FRYSFxMUFhUZGhshISEfKDAjLmiPiXRtbKXp5ufn5+jp6erq6+vs7O3t7u7u7u/w8BMODQ8ODA0NDg4PERUVFxsiHiQdISEdIh4g",
  "HxwhIzU1IyIrP196g26M4+fm5+jo6erq6uzr7O3t7e3u7+/v7/AWGhENEhMWGyAlKiszTF1SXlJUVVZPTFJQTENCNkc6KSQjIiIj",
  "Kkuj4ebm5+jo6enq6urr6+zs7e3t7u7u7+/wEQ08OEBBTlJTUU9LSkRPTl5VX2BlZ2psbm5odFqAjHtfQzAsSobM6efm5+bn6Onp",
  "6unq6uvr7ezt7e3v7+/v8IREQzc+OTg6OjpCNiY5KERbK0FrYmFkWWU6QFU6TWCCkJWCetbr6OXl5ebm5ufo6Ojp6err6+3t7e3u",
  "7u/v7/DhhyoqRyRLYmRhcEIjSilKcitEiX+Ah3qTQDZ2REpTf3pmX4Xl5OPk5eXl5ufo6Ojo6err6+vs7O3t7e7u7+/v3aQlK1Il",
  "SlpTTUwxIi8nO0MtOEpMUFRVXT06Wz1QXIuPdE+B6OPj5OXl5ubm5+fo6Onq6urr6+zt7ezt7u7v79q5JyIpIyMjIB8gIyYuRT5D",
  "QUA9PkBCRUVHRUtScH1vi3tjhOnl5uTk5OXm5ubn5+jp6erq6uvr7Ozs7e3u7u5+lyckJy0rLCwtLiwzW1tJS0VJTUtPTU9PTVJn",
  "b1Y2PJqmpJzI08zm5eXl5eXm5ufn6Onp6erq6uvr7Ozt7e3uLy8lKCotLSwtKysrLoB2TkpGSEtHSklERFRdY2VRMCw5UWKYeFx2",
  "2ODj4+Tl5ubn5+jo6Onp6urq6uvr7Ozs7SQqKC0xMTQ0NTZHSC5iamlqYmdyaWZmYWBpZmVkZVtSOy08kZt+dXN6hLjo5eTl5ubm",
  "5+jo6Ojp6enq6+vr6+wvLC40MzU7SF9tazMeMzVRWFRXYGBaVVpcXFxeWlxYSjw8K2OeoJuIblqW5uTk5OXl5ubn5+fo6Ojp6erq",
  "6+vrJCQnJCUkJDM2Kh8fLkg3LjAxMDQ1NDM2Njc5ODk9QEVBUy4/ZW5yfYCjy+Pk5OTl5eXl5ubn5+fn6Ojp6erq6jAqJSssKzAs",
  "LTE8RUxgaWZeXlRVVVtVUlRUWlVcYWRxbIl8bnJsZHCY4+bi4+Pj5OXl5eXl5ebm5ufn5+jp6elEVkZSOTUzRFJNRCpLTXVkOlFv",
  "b3NZODkuNF9tck8wTXR3Y4xtZYysruHg4eLi4uPk5OTk5OTl5eXm5ubm5+joESY1JQ0REBwuLRMMFSw+MSEbJ0xAMjk5MC4aMEA1",
  "JzFEXEJXODF21J7i4ODg4eHi4uLj4+Tk5OXl5eXl5ebm5xkVFxYYHx8kHx8ZGhgnMkM7Nh9DUUVNTUVNKi5GRDQ3R19IVEdAcNGU",
  "393e3d3d3t/e39/f3+Dg4eLi4uLh4eMcGhsdGCYiJycmHR0hKzJKQkAgR1tIU05IVC8pS0k1N1BkUF9MQ2vIjtLT09LS0tPU1tbX",
  "19jY2NnY19bW19bXGRgbHhQnIygnJRwaIisvSEJBHEVeSVpXR1MuJUpHMURXYVhiZ2Fnvo3IyMjIyMjIycnJysrLy8vMzMvLysvK",
  "yRcWGxsVKiAxKCUeGR0yPUY/QCBLWUZXWElRNytQUENfbnGDgIaZhqibwcPCu8DBwsG/v76/wL/AwcC/wMHCwcEmJCIlJC0qMywl",
  "LCouNF1TVlVGW2BUVVFTVk4+ZGBeZWR4kYiBhYOGjrKvsbGvrrOysraztLe2tra1t7e4uLm6GBYZFRcXGBkbGhoaGjFlUVJSQFVR",
  "SEtJTE9KQmNcX2dld5GSn6Kls7q6pqino6Wno6etq7Cvr7KytbW2ubitsjY2NjI1NTY0MjU1OERaf3t+fm93enp/fX+CiYeEhISF",
  "hIeXubitrKOeoKSoqaytsrKtsLGwr7CztLWztbioo6MzNC8xNzg4NzM6Nzk9YnhrbW5tZ2ViXl1aWFpRUFBWXl1WaZyenpuSe524",
  "uMC+vcDAvbrCwsTCw8HAvr24o6GjHBwXGh4cHBsaHxoeIUNeVFRSUlhRUk5MTU5QSEJHTVJJUXCPipmXmJ+SenzGycnKycfAy8vN",
  "zc7Pz9HU0ruztColISUpKCcnIiMlJSY6OU5PT0s8TVNTU1JRU09GVVdZRk9/f6impKCglWdqhY2Yy8vMzcvNzMvP0NHS0tLLx8km",
  "JSEiJSYnJygqLCs1YDxUVlVSTVBSVlBSV11eX2ZhZ2hZMjmWo56bnKCfkHdXbcXLyczMzc3Ky8/Pz87OzMvMHx4aGBcXGhscHR0c",
  "NoNkYl5hYmNgYmFcXWNfXFpeZGRiVS0qQ2iFo6CeoJqGdpe/ysnKysrKysnLy8vMzczLzDUzNC4wKCgmLCwkNGmYenJoZXFtZ2pw",
  "a2Zna29tcHdycmtnVjIhYKKYlY6DhrHIxcXFxcbHyMfHyMjIyMnIyMhFRUM9PDk3OkpebV+Ni4GBe3R1enN2cm9taWlxdHVzc3Br",
  "ZlhEMT2Dgnh3jJXBwsLCwb/BxMXGxsbGxsXFxcXGQEJQZ4GEfIScqHk7ZWxvenlzbG5rbmxjYmBeX19ZWVVUTkU3O0I9X4GEiLqN",
  "vr/AwMPDw8PFxcTExMXFxcTCwyEvWGt0e32LhWgsJTwzQk9YVVFMSUdJQ0BAPz48Nzc4PEFHT1t+e3idgnPAgL29vb6/v7+9vr+/",
  "v8HBv7u6v8AfJSIeHh0fIiAcHSM1MiwrNDg4NzQ4PURHSUxNT0FaWEpLS2pjYVBkgoNiwn68vby8vLu7ur2/wMC1ub6+vb6+MiQU",
  "Gh4yLzUzLzI9R1pjVlFKUWJLX1cwLSgfKk9RTB8dHhwzUkM+UXl5YMV/vL29vLu7urm4vb68uLq7u7y9vxsGAQECDCUlDwUJJTVU",
  "RBYLCg0mPjgZCw0ODgcQMRwPKCcqLkRRPE9iS1OphLy+vr6+v769u7u6ubi6u72+vb4WCQUEBQMRCQcFBwIYKQwJERIKByUZHRgc",
  "GxkMFzAkFCwoKzNGZFtda05VlZK2vL29vri6vr2+vby6vLy8vb6/EQsHCAYEFA4KCAoEFSUSDRoaDgwqJScgJSEfDhkyKhU4LTNR",
  "SWVjXoGbh42SzL26u7u6ur28vLy8vLy7vLm6vBQMCAkFBRYRDQoLBBUpFRAiJBILKisrKScjJBAYMi4WRz85V0t5mYmXmYKq1cCv",
  "urm5uby7u7y9vb65u7ytmZYUCwcHBQQTEQwLDAUVKRYSISIUCyotJiMiHxwREjw3HkFJPXNYl62MiJzK0aiLnLS3t7i5ury8vbq7",
  "tKqdkXBvGxYOCQcFEQ8ICwgDGDcVDhgXFAs1NhsfIiYsNDVEUlNqf2uEUYqLgLHYtpKHhXKft7i5uLipr7SsnKioiWtfWBocHCAh",
  "HxsbGxkTDhpPKicuND0/QGJLS05QUFZPQGRreIFyiE2GsdW/koaRppRMaaanp7Kig4eQhnqJh19URj4YIRI4QDpIHx4kKy4nW1xa",
  "VVNVUD9fTlBPUFlYWll/ioybpqOgr8CgiIWWrKmUd29sZGukhHJvcHRvcnRFNCYxWmRMXW1oYEcYFhYWH1RQUVFVXltdd3d/kIyb",
  "oaCgnJGHf3NgWEtuhYupsZ+ZmZeOfV9vj4R1ZFxRYGZnSUMvKkpgUUNRbWpsYFldXGGGi5adn5+lppqIgXJrY1FIRERBQUhDPEJK",
  "eJmvqZmVk5ubmIJwa3VwV1RSVE5IUUI6NUFhaFc+O1lnb3JdO01rg21jWlBDQjxHTEk+SE9EREBFSktOTD46bJ60oZGOkpOXlY6K",
  "U0dKQEc3LjE8ODc2PkQ6XmZpTzxOUFVjOBQWJUxDREdIQj8/R01OSkZKTkg+QkdOUVdXT2Bbg5GSk5CSj4eCTjA7NTQuJx8tLy4y",
  "JjM4Q009TE8vNlBhVzxDMCo7R0RHSEhFQEBBRkFIS0xPV1tga21nZmc3FlqRlJaSh4aKbEdISTc3OCotPzAlLy4qNRk0OzdBRT1N",
  "a2RabFVEQlZbXlVQUlhlW2BiYmRiZmRlaWxtbnR0alVIcn+Tin+FaWxkV0k9Sko+Pj00HC04NS0cMzs0MkhGX2JhWmZkb2xpamlz",
  "bVdhaGFjaW9va3h8gH9+fHZ6e25wUjwmcYd7bm5tXFhVST9GNy48Lhw3KiMnJA==",
].join("");
let temple = null;
function photograph() {
  const grey = atob(TEMPLE);
  return (temple ??= Array.from({ length: 64 }, (_, y) => Array.from({ length: 64 }, (_, x) => grey.charCodeAt(64 * y + x))));
}

const EXAMPLES = {
  five: ["The course's 5 by 5 example", () => FIVE, "google"],
  nine: ["A nine and the loopy pattern", () => NINE, "loopy"],
  moved: ["The same nine, moved left", () => MOVED, "loopy"],
  edge: ["A dark and a bright half", () => EDGE, "sobel_x"],
  photograph: ["A photograph (danielbuechele, CC BY 2.0)", photograph, "sobel_x"],
  dot: ["One bright pixel", () => DOT, "box"],
};
